#include "sanitizers/interleave/fibre.h"

#include <asm/prctl.h>
#include <link.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/system_memory.h"

#if !defined(__x86_64__)
#error "The second runtime switches stacks and thread pointers itself; so far it knows how on x86-64 only."
#endif

// void racelab_switch_stack(void** save, void* load): pushes what a callee must preserve, changes stacks, pops it
// there.
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

}  // namespace

void MapStack(Fibre& fibre) {
  constexpr std::size_t kGuard = 4096;
  void* memory = MapPages(kGuard + Fibre::kStackSize);
  if (memory == nullptr) Fatal("out of memory: no room for a thread's stack");
  mprotect(memory, kGuard, PROT_NONE);
  fibre.stack = static_cast<char*>(memory) + kGuard;
}

void Prepare(Fibre& fibre, void (*entry)()) {
  auto* top = reinterpret_cast<void**>(fibre.stack + Fibre::kStackSize);
  *--top = nullptr;                         // The return address of entry: there is none.
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
  racelab_switch_stack(&from.stack_pointer, to.stack_pointer);
}

std::uintptr_t ThreadPointer() {
  std::uintptr_t pointer;
  asm("mov %%fs:0, %0" : "=r"(pointer));
  return pointer;
}

std::size_t StaticThreadLocalBytes() {
  std::size_t bytes = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* module, std::size_t, void* result) {
        // Below the thread pointer, and not far: a module that was loaded later has its storage elsewhere.
        const auto storage = reinterpret_cast<std::uintptr_t>(module->dlpi_tls_data);
        const std::size_t distance = ThreadPointer() - storage;
        auto& most = *static_cast<std::size_t*>(result);
        if (storage != 0 && storage < ThreadPointer() && distance < (1 << 16) && distance > most) most = distance;
        return 0;
      },
      &bytes);
  return bytes;
}

}  // namespace racelab::interleave
