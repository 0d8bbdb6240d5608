#ifndef RACELAB_SANITIZERS_INTERLEAVE_SYSTEM_CALL_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SYSTEM_CALL_H_

#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>

namespace racelab::interleave {

// A system call by this runtime itself, which no interceptor sees. Returns the kernel's result: an error is negative.
[[gnu::noinline]] long SystemCall(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0);

inline long AsArgument(const volatile void* pointer) { return reinterpret_cast<long>(pointer); }

inline bool IsError(long result) { return result < 0 && result > -4096; }

// Installs a handler that may run while system calls of the program are dispatched to this runtime: it returns by an
// instruction in this runtime, not in the C library. If `before` is not null, it gets the previous action.
inline constexpr unsigned long kHasRestorer = 0x04000000;  // linux: arch/x86/include/uapi/asm/signal.h, SA_RESTORER
struct KernelAction {
  void* handler = nullptr;
  unsigned long flags = 0;
  void* restorer = nullptr;
  unsigned long mask = 0;
};
void SetKernelAction(int signal, const KernelAction& action, KernelAction* before);
// A handler with the signature for SA_SIGINFO.
using SignalHandler = void (*)(int, siginfo_t*, void*);
KernelAction ActionOf(void* handler, unsigned long flags);

// The place in the code that a signal has interrupted, from the handler's third argument.
inline const void* ProgramCounter(void* context) {
  return reinterpret_cast<const void*>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
}

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SYSTEM_CALL_H_
