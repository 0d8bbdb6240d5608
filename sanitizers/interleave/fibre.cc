#include "sanitizers/interleave/fibre.h"

#include <asm/prctl.h>
#include <link.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <algorithm>

#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/system_call.h"
#include "sanitizers/interleave/system_memory.h"

#if !defined(__x86_64__)
#error "The second runtime switches stacks and thread pointers itself; so far it knows how on x86-64 only."
#endif

// void racelab_switch_stack(void** save, void* load): pushes the callee-saved registers, switches stacks, pops them
// from the other stack.
asm(R"(
.text
.hidden racelab_switch_stack
.globl racelab_switch_stack
.type racelab_switch_stack,@function
racelab_switch_stack:
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  mov %rsp, (%rdi)
  mov %rsi, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  ret
.size racelab_switch_stack, .-racelab_switch_stack
)");
extern "C" void racelab_switch_stack(void** save, void* load);

namespace racelab::interleave {
namespace {

constexpr std::size_t kHeadroom = 64 << 10;  // Additional space: this runtime also uses the program's stacks.

struct KnownStack {
  int slot;
  std::size_t size;
  char* lowest;
};
Vector<KnownStack> stacks;

// A stub that passes a call on copies possible arguments from the stack (library_calls.cc), even if there are none.
constexpr std::size_t kAboveEntry = 256;
// Addresses that differ by a multiple of a page compete for the same L1 cache lines, so stacks begin 7 lines apart.
constexpr std::size_t kShift = 448;
constexpr int kShifts = 8;

constexpr unsigned long kHwcap2Fsgsbase = 1 << 1;  // linux: arch/x86/include/uapi/asm/hwcap2.h

void SetByInstruction(std::uintptr_t pointer) { asm volatile("wrfsbase %0" ::"r"(pointer) : "memory"); }

void SetBySystemCall(std::uintptr_t pointer) {
  long result;
  asm volatile("syscall" : "=a"(result) : "a"(SYS_arch_prctl), "D"(ARCH_SET_FS), "S"(pointer) : "rcx", "r11", "memory");
}

sigjmp_buf no_such_instruction;
void OnIllegalInstruction(int) { siglongjmp(no_such_instruction, 1); }

bool InstructionWorks() {
  struct sigaction action = {}, before;
  action.sa_handler = OnIllegalInstruction;
  sigaction(SIGILL, &action, &before);
  const bool works = sigsetjmp(no_such_instruction, 1) == 0;
  if (works) SetByInstruction(ThreadPointer());
  sigaction(SIGILL, &before, nullptr);
  return works;
}

constexpr std::uint16_t kExceptions = 0x3F;

// Writes only the registers that differ: most threads never change any.
void ChangeFloatingPoint(const FloatingPoint& from, const FloatingPoint& to) {
  if (from.vector != to.vector) asm volatile("ldmxcsr %0" ::"m"(to.vector));
  if (!keeps_x87) return;
  if (((from.status ^ to.status) & kExceptions) != 0) {
    std::uint32_t environment[7];
    asm volatile("fnstenv %0" : "=m"(environment));
    environment[0] = (environment[0] & ~std::uint32_t{0xFFFF}) | to.control;
    environment[1] = (environment[1] & ~std::uint32_t{kExceptions}) | (to.status & kExceptions);
    asm volatile("fldenv %0" ::"m"(environment));
  }
  if (from.control != to.control) asm volatile("fldcw %0" ::"m"(to.control));
}

}  // namespace

bool keeps_x87 = false;

void ReadFloatingPoint(FloatingPoint& result) {
  asm volatile("stmxcsr %0" : "=m"(result.vector));
  if (!keeps_x87) return;
  asm volatile("fnstcw %0" : "=m"(result.control));
  asm volatile("fnstsw %0" : "=m"(result.status));
}

std::size_t DefaultStackSize() {
  constexpr std::size_t kUsual = 8 << 20, kLeast = 64 << 10, kMost = std::size_t{1} << 30;
  rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUsual;
  return std::clamp<std::size_t>(limit.rlim_cur, kLeast, kMost) & ~(kPage - 1);
}

void UseStack(Fibre& fibre, int slot, std::size_t size) {
  fibre.shift = static_cast<std::size_t>(slot % kShifts) * kShift;
  size = (size + kHeadroom + kPage - 1) & ~(kPage - 1);
  for (const KnownStack& known : stacks) {
    if (known.slot == slot && known.size == size) return UseStackAt(fibre, known.lowest, size);
  }
  void* memory = MapPages(Fibre::kGuard + size);
  if (memory == nullptr) Fatal("out of memory: no room for a thread's stack");
  SystemCall(SYS_mprotect, AsArgument(memory), Fibre::kGuard, PROT_NONE);
  char* lowest = static_cast<char*>(memory) + Fibre::kGuard;
  stacks.push_back({slot, size, lowest});
  UseStackAt(fibre, lowest, size);
}

void UseStackAt(Fibre& fibre, void* lowest, std::size_t size) {
  fibre.stack = static_cast<char*>(lowest);
  fibre.stack_size = size;
  if (fibre.entry != nullptr) Prepare(fibre, fibre.entry);
}

void Prepare(Fibre& fibre, void (*entry)()) {
  fibre.entry = entry;
  const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(fibre.stack) + fibre.stack_size;
  auto* top = reinterpret_cast<void**>((end - kAboveEntry - fibre.shift) & ~std::uintptr_t{15});
  *--top = nullptr;                         // The return address of `entry`, which never returns.
  *--top = reinterpret_cast<void*>(entry);  // Where racelab_switch_stack returns to.
  for (int i = 0; i < 6; ++i) *--top = nullptr;
  fibre.stack_pointer = top;
}

PointerChange pointer_change = PointerChange::kSystemCall;

void ProbePointerChange() {
  if ((getauxval(AT_HWCAP2) & kHwcap2Fsgsbase) != 0) {
    pointer_change = PointerChange::kInstruction;
  } else if (InstructionWorks()) {
    pointer_change = PointerChange::kForgetfulInstruction;
  }
}

void Switch(Fibre& from, Fibre& to) {
  if (from.thread_pointer != to.thread_pointer || pointer_change == PointerChange::kForgetfulInstruction) {
    if (pointer_change == PointerChange::kSystemCall) {
      SetBySystemCall(to.thread_pointer);
    } else {
      SetByInstruction(to.thread_pointer);
    }
  }
  ReadFloatingPoint(from.floating_point);
  ChangeFloatingPoint(from.floating_point, to.floating_point);
  racelab_switch_stack(&from.stack_pointer, to.stack_pointer);
}

std::uintptr_t ThreadPointer() {
  std::uintptr_t pointer;
  asm("mov %%fs:0, %0" : "=r"(pointer));
  return pointer;
}

std::size_t StaticThreadLocalBytes() {
  // An upper bound, with glibc's reserve for libraries that are loaded later: a module that exceeds it gets storage
  // elsewhere.
  std::size_t most = 1 << 16;
  dl_iterate_phdr(
      [](dl_phdr_info* module, std::size_t, void* sum) {
        for (int i = 0; i < module->dlpi_phnum; ++i) {
          const ElfW(Phdr)& segment = module->dlpi_phdr[i];
          if (segment.p_type == PT_TLS) *static_cast<std::size_t*>(sum) += segment.p_memsz + segment.p_align;
        }
        return 0;
      },
      &most);
  std::size_t sizes[] = {0, most};
  dl_iterate_phdr(
      [](dl_phdr_info* module, std::size_t, void* result) {
        const auto storage = reinterpret_cast<std::uintptr_t>(module->dlpi_tls_data);
        const std::size_t distance = ThreadPointer() - storage;
        auto* sizes = static_cast<std::size_t*>(result);
        if (storage != 0 && storage < ThreadPointer() && distance < sizes[1] && distance > sizes[0]) {
          sizes[0] = distance;
        }
        return 0;
      },
      sizes);
  return sizes[0];
}

}  // namespace racelab::interleave
