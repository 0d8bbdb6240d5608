// Threads' stacks of the size, or in the memory, that the program specifies.

#include <errno.h>
#include <pthread.h>
#include <ucontext.h>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/snapshot.h"

namespace racelab::interleave {

void UseStackOf(const pthread_attr_t* attributes, int thread) {
  Fibre& fibre = execution.threads[thread].fibre;
  if (attributes == nullptr && fibre.has_default_stack) return;
  void* lowest = nullptr;
  std::size_t size = DefaultStackSize();
  bool own = false;
  if (attributes != nullptr) {
    pthread_attr_getstack(attributes, &lowest, &size);
    own = size != 0 && Address(lowest) + size != 0;
    pthread_attr_getstacksize(attributes, &size);
  }
  fibre.has_default_stack = attributes == nullptr;
  if (own) {
    ExpectWrites(lowest, size);  // The kernel places signal frames there.
    UseStackAt(fibre, lowest, size);
  } else {
    UseStack(fibre, thread, size);
  }
  PlaceMemory(thread, !own);
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

// Stacks to which the program itself switches. The kernel places signal frames there, too, but cannot if the memory is
// protected until its first write.
extern "C" __attribute__((visibility("hidden"), used)) void racelab_expect_stack(const ucontext_t* next) {
  if (Live()) ExpectWrites(next->uc_stack.ss_sp, next->uc_stack.ss_size);
}

asm(R"(
.text
.globl swapcontext, setcontext
.type swapcontext,@function
.type setcontext,@function
swapcontext:
  push %rdi
  push %rsi
  sub $8, %rsp
  mov %rsi, %rdi
  call racelab_expect_stack
  add $8, %rsp
  pop %rsi
  pop %rdi
  lea 1f(%rip), %r11
  jmp racelab_jump_to_next
setcontext:
  push %rdi
  call racelab_expect_stack
  pop %rdi
  lea 2f(%rip), %r11
  jmp racelab_jump_to_next
.section .rodata
1: .asciz "swapcontext"
2: .asciz "setcontext"
.text
)");

RACELAB_INTERCEPTOR int pthread_getattr_np(pthread_t handle, pthread_attr_t* attributes) noexcept {
  if (!Live()) return REAL(pthread_getattr_np)(handle, attributes);
  const int thread = execution.ThreadOf(handle);
  if (thread < 0) return ESRCH;
  if (const int error = pthread_attr_init(attributes)) return error;
  const Fibre& fibre = execution.threads[thread].fibre;
  pthread_attr_setdetachstate(attributes,
                              execution.threads[thread].detached ? PTHREAD_CREATE_DETACHED : PTHREAD_CREATE_JOINABLE);
  pthread_attr_setguardsize(attributes, Fibre::kGuard);
  return pthread_attr_setstack(attributes, fibre.stack, fibre.stack_size);
}
