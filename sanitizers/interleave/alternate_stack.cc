#include "sanitizers/interleave/alternate_stack.h"

#include <errno.h>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/snapshot.h"

// void racelab_call_on_stack(void* top, handler, int signal, siginfo_t*, void* context): calls the handler on the stack
// that begins below `top`.
asm(R"(
.text
.hidden racelab_call_on_stack
.globl racelab_call_on_stack
.type racelab_call_on_stack,@function
racelab_call_on_stack:
  .cfi_startproc
  push %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  mov %rsp, %rbp
  .cfi_def_cfa_register %rbp
  mov %rdi, %rsp
  mov %rsi, %rax
  mov %edx, %edi
  mov %rcx, %rsi
  mov %r8, %rdx
  call *%rax
  mov %rbp, %rsp
  pop %rbp
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
.size racelab_call_on_stack, .-racelab_call_on_stack
)");
extern "C" void racelab_call_on_stack(void* top, void* handler, int signal, siginfo_t* information, void* context);

namespace racelab::interleave {
namespace {

constexpr std::size_t kLeastStack = 2048;  // Linux: MINSIGSTKSZ, which glibc computes at run time.

stack_t alternate_stacks[kMaxThreads];  // As set by the program.

bool IsOn(const stack_t& stack) {
  const auto* here = static_cast<const char*>(__builtin_frame_address(0));
  const auto* lowest = static_cast<const char*>(stack.ss_sp);
  return here > lowest && here <= lowest + stack.ss_size;
}

}  // namespace

void* TopOfAlternateStack(unsigned long flags) {
  const stack_t& stack = alternate_stacks[execution.current];
  if ((flags & SA_ONSTACK) == 0 || (stack.ss_flags & SS_DISABLE) != 0 || IsOn(stack)) return nullptr;
  ExpectWrites(stack.ss_sp, stack.ss_size);  // The kernel places frames of other signals there.
  return reinterpret_cast<void*>((Address(stack.ss_sp) + stack.ss_size) & ~std::uintptr_t{15});
}

void CallHandlerOn(void* top, SignalHandler handler, int signal, siginfo_t* information, void* context) {
  if (top == nullptr) return handler(signal, information, context);
  racelab_call_on_stack(top, reinterpret_cast<void*>(handler), signal, information, context);
}

long ChangeAlternateStack(const long* a) {
  stack_t& stack = alternate_stacks[execution.current];
  stack_t before = stack;
  const bool in_use = (stack.ss_flags & SS_DISABLE) == 0 && IsOn(stack);
  if (in_use) before.ss_flags |= SS_ONSTACK;
  if (a[0] != 0) {
    const auto& wanted = *reinterpret_cast<const stack_t*>(a[0]);
    if (in_use) return -EPERM;
    if ((wanted.ss_flags & SS_DISABLE) == 0 && wanted.ss_size < kLeastStack) return -ENOMEM;
    stack = wanted;
  }
  if (a[1] != 0) *reinterpret_cast<stack_t*>(a[1]) = before;
  return 0;
}

void ForgetAlternateStack(int slot) { alternate_stacks[slot] = {nullptr, SS_DISABLE, 0}; }

}  // namespace racelab::interleave
