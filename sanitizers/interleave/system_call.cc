// System calls by this runtime itself.

#include "sanitizers/interleave/system_call.h"

#include <signal.h>

// Debuggers and unwinders recognise the return from a handler by exactly these bytes.
asm(R"(
.text
.hidden racelab_return_from_handler
.globl racelab_return_from_handler
.type racelab_return_from_handler,@function
.p2align 4
  nop
racelab_return_from_handler:
  mov $15, %rax
  syscall
.size racelab_return_from_handler, .-racelab_return_from_handler
)");
extern "C" void racelab_return_from_handler();

namespace racelab::interleave {
long SystemCall(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

KernelAction ActionOf(void* handler, unsigned long flags) {
  return {handler, flags | kHasRestorer, reinterpret_cast<void*>(racelab_return_from_handler), 0};
}

void SetKernelAction(int signal, const KernelAction& action, KernelAction* before) {
  SystemCall(SYS_rt_sigaction, signal, AsArgument(&action), AsArgument(before), sizeof action.mask);
}

}  // namespace racelab::interleave
