// Signals: masks, handlers, sending and waiting.

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/signal_delivery.h"
#include "sanitizers/interleave/signals.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

KernelAction ToKernel(const struct sigaction& action) {
  KernelAction result = {reinterpret_cast<void*>(action.sa_sigaction), static_cast<unsigned>(action.sa_flags), nullptr,
                         0};
  memcpy(&result.mask, &action.sa_mask, sizeof result.mask);
  return result;
}

struct sigaction FromKernel(const KernelAction& action) {
  struct sigaction result = {};
  result.sa_sigaction = reinterpret_cast<SignalHandler>(action.handler);
  result.sa_flags = static_cast<int>(action.flags & ~kHasRestorer);
  memcpy(&result.sa_mask, &action.mask, sizeof action.mask);
  return result;
}

int Action(int number, const struct sigaction* wanted, struct sigaction* before, const void* pc) {
  KernelAction action, old;
  if (wanted != nullptr) action = ToKernel(*wanted);
  const long result = CallKernel(pc, SYS_rt_sigaction, number, AsArgument(wanted == nullptr ? nullptr : &action),
                                 AsArgument(&old), sizeof(SignalSet));
  if (result == 0 && before != nullptr) *before = FromKernel(old);
  return static_cast<int>(result);
}

// For functions that return an error number.
int ErrorOf(long result) { return result == 0 ? 0 : errno; }

// The one kernel thread has one mask; each of the program's threads has its own.
int ChangeMask(int how, const sigset_t* signals, sigset_t* before, const void* pc) {
  const int error = errno;
  if (before != nullptr) memset(before, 0, sizeof *before);
  const int result =
      ErrorOf(CallKernel(pc, SYS_rt_sigprocmask, how, AsArgument(signals), AsArgument(before), sizeof(SignalSet)));
  errno = error;
  if (result == 0) NoteResult(before, pc);
  return result;
}

int SendTo(int thread, int number, const void* pc) {
  const int error = errno;
  const int result = ErrorOf(CallKernel(pc, SYS_tgkill, SystemCall(SYS_getpid), KernelNumberOf(thread), number));
  errno = error;
  return result;
}

// A thread's handle is no longer valid when it has been joined.
int TakerOfSignal(pthread_t handle) {
  const int thread = execution.ThreadOf(handle);
  if (thread >= 0 && execution.threads[thread].joined) {
    execution.Fail(FailureKind::kThreadMisuse, "T%d sends a signal to T%d, which has been joined already",
                   execution.me().number, execution.threads[thread].number);
  }
  return thread;
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int pthread_sigmask(int how, const sigset_t* signals, sigset_t* before) noexcept {
  if (!Live()) return REAL(pthread_sigmask)(how, signals, before);
  return ChangeMask(how, signals, before, RACELAB_CALLER);
}
RACELAB_INTERCEPTOR int sigprocmask(int how, const sigset_t* signals, sigset_t* before) noexcept {
  if (!Live()) return REAL(sigprocmask)(how, signals, before);
  const int result = ChangeMask(how, signals, before, RACELAB_CALLER);
  if (result == 0) return 0;
  errno = result;
  return -1;
}
RACELAB_INTERCEPTOR int sigaction(int number, const struct sigaction* action, struct sigaction* before) noexcept {
  if (!Live()) return REAL(sigaction)(number, action, before);
  const int result = Action(number, action, before, RACELAB_CALLER);
  if (result == 0) NoteResult(before, RACELAB_CALLER);
  return result;
}
RACELAB_INTERCEPTOR sighandler_t signal(int number, sighandler_t handler) noexcept {
  if (!Live()) return REAL(signal)(number, handler);
  struct sigaction action = {}, before = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  return Action(number, &action, &before, RACELAB_CALLER) == 0 ? before.sa_handler : SIG_ERR;
}

RACELAB_INTERCEPTOR int raise(int number) noexcept {
  if (!Live()) return REAL(raise)(number);
  const int error = SendTo(execution.current, number, RACELAB_CALLER);
  if (error != 0) errno = error;
  return error == 0 ? 0 : -1;
}
RACELAB_INTERCEPTOR int pthread_kill(pthread_t handle, int number) noexcept {
  if (!Live()) return REAL(pthread_kill)(handle, number);
  const int thread = TakerOfSignal(handle);
  return thread < 0 ? ESRCH : SendTo(thread, number, RACELAB_CALLER);
}
// The C library's own function takes a lock of the thread, which would not be restored if an execution ended there.
RACELAB_INTERCEPTOR int pthread_sigqueue(pthread_t handle, int number, union sigval value) noexcept {
  if (!Live()) return REAL(pthread_sigqueue)(handle, number, value);
  const int thread = TakerOfSignal(handle);
  if (thread < 0) return ESRCH;
  siginfo_t information = {};
  information.si_signo = number;
  information.si_code = SI_QUEUE;
  information.si_pid = static_cast<pid_t>(SystemCall(SYS_getpid));
  information.si_uid = static_cast<uid_t>(SystemCall(SYS_getuid));
  information.si_value = value;
  const int error = errno;
  const int result = ErrorOf(CallKernel(RACELAB_CALLER, SYS_rt_tgsigqueueinfo, information.si_pid,
                                        KernelNumberOf(thread), number, AsArgument(&information)));
  errno = error;
  return result;
}
RACELAB_INTERCEPTOR int kill(pid_t process, int number) noexcept {
  if (!Live()) return REAL(kill)(process, number);
  return static_cast<int>(CallKernel(RACELAB_CALLER, SYS_kill, process, number));
}

RACELAB_INTERCEPTOR int sigpending(sigset_t* signals) noexcept {
  if (!Live()) return REAL(sigpending)(signals);
  memset(signals, 0, sizeof *signals);
  const auto result =
      static_cast<int>(CallKernel(RACELAB_CALLER, SYS_rt_sigpending, AsArgument(signals), sizeof(SignalSet)));
  if (result == 0) NoteResult(signals, RACELAB_CALLER);
  return result;
}
RACELAB_INTERCEPTOR int sigaltstack(const stack_t* stack, stack_t* before) noexcept {
  if (!Live()) return REAL(sigaltstack)(stack, before);
  const auto result =
      static_cast<int>(CallKernel(RACELAB_CALLER, SYS_sigaltstack, AsArgument(stack), AsArgument(before)));
  if (result == 0) NoteResult(before, RACELAB_CALLER);
  return result;
}

RACELAB_INTERCEPTOR int pause() {
  if (!Live()) return REAL(pause)();
  return static_cast<int>(CallKernel(RACELAB_CALLER, SYS_pause));
}
RACELAB_INTERCEPTOR int sigsuspend(const sigset_t* blocked) {
  if (!Live()) return REAL(sigsuspend)(blocked);
  return static_cast<int>(CallKernel(RACELAB_CALLER, SYS_rt_sigsuspend, AsArgument(blocked), sizeof(SignalSet)));
}
RACELAB_INTERCEPTOR int sigtimedwait(const sigset_t* wanted, siginfo_t* information, const timespec* limit) {
  if (!Live()) return REAL(sigtimedwait)(wanted, information, limit);
  return static_cast<int>(CallKernel(RACELAB_CALLER, SYS_rt_sigtimedwait, AsArgument(wanted), AsArgument(information),
                                     AsArgument(limit), sizeof(SignalSet)));
}
RACELAB_INTERCEPTOR int sigwaitinfo(const sigset_t* wanted, siginfo_t* information) {
  if (!Live()) return REAL(sigwaitinfo)(wanted, information);
  return static_cast<int>(CallKernel(RACELAB_CALLER, SYS_rt_sigtimedwait, AsArgument(wanted), AsArgument(information),
                                     0, sizeof(SignalSet)));
}
RACELAB_INTERCEPTOR int sigwait(const sigset_t* wanted, int* number) {
  if (!Live()) return REAL(sigwait)(wanted, number);
  long result;
  do {
    result = CallKernel(RACELAB_CALLER, SYS_rt_sigtimedwait, AsArgument(wanted), 0, 0, sizeof(SignalSet));
  } while (result < 0 && errno == EINTR);
  if (result < 0) return errno;
  *number = static_cast<int>(result);
  NoteResult(number, RACELAB_CALLER);
  return 0;
}
