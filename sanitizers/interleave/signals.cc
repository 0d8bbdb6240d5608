// Signals that the program sends to itself: which thread takes them, when, and with what effect.

#include "sanitizers/interleave/signals.h"

#include <errno.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "sanitizers/interleave/alternate_stack.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/pending_signals.h"
#include "sanitizers/interleave/signal_delivery.h"
#include "sanitizers/interleave/snapshot.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

constexpr int kSignals = 65;

KernelAction actions[kSignals];
KernelAction at_start[kSignals];
PendingSignals pending;
bool interrupted[kMaxThreads], has_handled[kMaxThreads];
bool aborts = false;  // A thread is in abort().

// The object of operations on signals.
char object;

SignalSet& Blocked(int thread) {
  static_assert(sizeof(sigset_t) >= sizeof(SignalSet));
  return *reinterpret_cast<SignalSet*>(&execution.threads[thread].blocked_signals);
}

bool IsDefault(int signal) { return actions[signal].handler == reinterpret_cast<void*>(SIG_DFL); }
bool IsIgnored(int signal) {
  if (actions[signal].handler == reinterpret_cast<void*>(SIG_IGN)) return true;
  return IsDefault(signal) && (signal == SIGCHLD || signal == SIGURG || signal == SIGWINCH || signal == SIGCONT);
}

// Does the signal's default action.
void DoDefault(int signal, const void* pc) {
  if (signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU) {
    Refuse("a signal that stops the process", pc);
  }
  if (signal == SIGABRT && aborts) return;  // abort() itself ends the process.
  execution.FailAt(signal == SIGABRT ? FailureKind::kAbort : FailureKind::kCrash, pc,
                   "T%d gets SIG%s, which ends the process", execution.current, sigabbrev_np(signal));
}

void Call(int signal, siginfo_t* information, void* context) {
  const KernelAction action = actions[signal];
  const SignalSet before = Blocked(execution.current);
  Blocked(execution.current) |= action.mask;
  if ((action.flags & SA_NODEFER) == 0) Blocked(execution.current) |= Bit(signal);
  if ((action.flags & SA_RESETHAND) != 0) actions[signal].handler = reinterpret_cast<void*>(SIG_DFL);
  const int error = errno;
  CallHandlerOn(TopOfAlternateStack(action.flags), reinterpret_cast<SignalHandler>(action.handler), signal, information,
                context);
  const bool interrupts = (execution.in_handler >> execution.current & 1) != 0;  // The code expects no change of errno.
  if (interrupts && errno != error && errno != 0 && signal != SIGTERM) {
    execution.Fail(FailureKind::kThreadMisuse, "the handler of signal %d, which interrupts T%d, changes errno", signal,
                   execution.me().number);
  }
  errno = error;
  Blocked(execution.current) = before;
  // Noted last, because calls of the handler itself may wait.
  if ((action.flags & SA_RESTART) == 0) interrupted[execution.current] = true;
  has_handled[execution.current] = true;
}

// The running thread takes the signal now.
void Take(siginfo_t information, const void* pc) {
  const int signal = information.si_signo;
  if (IsIgnored(signal)) return;
  if (IsDefault(signal)) DoDefault(signal, pc);
  ucontext_t context = {};
  memcpy(&context.uc_sigmask, &Blocked(execution.current), sizeof(SignalSet));
  execution.happens_before.Acquire(execution.current, Address(&object));
  Call(signal, &information, &context);
}

SignalSet Deliverable(int thread) { return pending.For(thread) & ~Blocked(thread); }

// The thread that takes a signal for the process: the first that does not block it.
int TakerOf(int signal) {
  for (int t = 0; t < execution.slots(); ++t) {
    if (!execution.states.Is(ThreadState::kFinished, t) && (Blocked(t) & Bit(signal)) == 0) return t;
  }
  return -1;
}

void StepOnSignals(Kind kind, const SignalWait* wait, const void* pc) {
  execution.Step(OnSignals(kind, Address(&object), wait, pc));
}

// The information for the handler: `given`, if there is any.
siginfo_t InformationOf(int signal, const siginfo_t* given) {
  siginfo_t information = {};
  if (given != nullptr) information = *given;
  information.si_signo = signal;
  if (given == nullptr) {
    information.si_code = SI_TKILL;
    information.si_pid = static_cast<pid_t>(SystemCall(SYS_getpid));
    information.si_uid = static_cast<uid_t>(SystemCall(SYS_getuid));
  }
  return information;
}

// `thread` is a slot, or kForProcess.
long Send(int thread, int signal, const siginfo_t* given, KernelCall& call) {
  if (signal < 0 || signal >= kSignals) return -EINVAL;
  if (signal == 0) return 0;
  const void* pc = CheapPlaceOf(call);
  const int me = execution.current;
  if (thread != me || thread < 0) StepOnSignals(Kind::kSignal, nullptr, pc);
  const siginfo_t information = InformationOf(signal, given);
  execution.happens_before.Release(me, Address(&object));
  if (thread >= 0 && execution.states.Is(ThreadState::kFinished, thread)) return 0;
  const int taker = thread >= 0 ? thread : TakerOf(signal);
  if (taker == me && (Blocked(me) & Bit(signal)) == 0) {
    Take(information, pc);
    return 0;
  }
  const bool blocked = taker < 0 || (Blocked(taker) & Bit(signal)) != 0;
  if (!blocked && IsIgnored(signal)) return 0;
  if (!blocked && IsDefault(signal) && !WaitsForSignals(taker)) DoDefault(signal, pc);
  pending.Add(thread, information);
  if (!blocked && !WaitsForSignals(taker)) Interrupt(taker);
  return 0;
}

long ChangeBlocked(const long* a) {
  SignalSet& blocked = Blocked(execution.current);
  const SignalSet before = blocked;
  if (const auto* set = reinterpret_cast<const SignalSet*>(a[1])) {
    const SignalSet signals = *set & ~(Bit(SIGKILL) | Bit(SIGSTOP));
    switch (a[0]) {
      case SIG_BLOCK:
        blocked |= signals;
        break;
      case SIG_UNBLOCK:
        blocked &= ~signals;
        break;
      case SIG_SETMASK:
        blocked = signals;
        break;
      default:
        return -EINVAL;
    }
  }
  if (a[2] != 0) *reinterpret_cast<SignalSet*>(a[2]) = before;
  if (Deliverable(execution.current) != 0) RunHandlers();
  return 0;
}

long ChangeAction(const long* a) {
  const long signal = a[0];
  if (signal < 1 || signal >= kSignals) return -EINVAL;
  if (a[1] != 0 && (signal == SIGKILL || signal == SIGSTOP)) return -EINVAL;
  KernelAction& action = actions[signal];
  const KernelAction before = action;
  if (a[1] != 0) action = *reinterpret_cast<const KernelAction*>(a[1]);
  if (a[2] != 0) *reinterpret_cast<KernelAction*>(a[2]) = before;
  return 0;
}

// pause(), sigsuspend().
long Suspend(const SignalSet* blocked, KernelCall& call) {
  const void* pc = CheapPlaceOf(call);
  const SignalWait entry = {execution.current, 0, false};
  StepOnSignals(Kind::kSignalWait, &entry, pc);  // A signal may come just before the call.
  const SignalSet before = Blocked(execution.current);
  if (blocked != nullptr) Blocked(execution.current) = *blocked;
  const SignalWait wait = {execution.current, 0, true};
  interrupted[execution.current] = false;
  while (Deliverable(execution.current) == 0 || !RunHandlers()) {
    StepOnSignals(Kind::kSignalWait, &wait, pc);
    if (execution.me().IsCancelled()) break;
  }
  interrupted[execution.current] = false;
  Blocked(execution.current) = before;
  RunHandlers();
  return -EINTR;
}

// sigwait() and similar functions. With a time limit, takes only a signal that arrived before some moment within the
// limit.
long WaitFor(const long* a, KernelCall& call) {
  const auto* limit = reinterpret_cast<const timespec*>(a[2]);
  const SignalSet wanted = *reinterpret_cast<const SignalSet*>(a[0]);
  const SignalWait wait = {execution.current, wanted, limit == nullptr};
  interrupted[execution.current] = false;
  StepOnSignals(Kind::kSignalWait, &wait, CheapPlaceOf(call));
  if ((pending.For(execution.current) & wanted) == 0) {
    if (limit == nullptr) return TakeInterruption(), -EINTR;
    execution.now += limit->tv_sec * 1'000'000'000 + limit->tv_nsec;
    execution.Yield(CheapPlaceOf(call));
    return -EAGAIN;
  }
  const siginfo_t taken = pending.Take(execution.current, wanted);
  execution.happens_before.Acquire(execution.current, Address(&object));
  if (a[1] != 0) *reinterpret_cast<siginfo_t*>(a[1]) = taken;
  return taken.si_signo;
}

// The program's threads all run on one kernel thread, but need different numbers: they borrow those of the runtime's
// parked threads.
int ThreadNumbered(long number) {
  for (int t = 0; t < execution.slots(); ++t) {
    if (KernelNumberOf(t) == number) return t;
  }
  return -1;
}

}  // namespace

void RaiseHere(int signal, const void* pc) {
  NeedsSettingBack();
  const siginfo_t information = InformationOf(signal, nullptr);
  if ((Blocked(execution.current) & Bit(signal)) != 0) {
    if (!IsIgnored(signal)) pending.Add(execution.current, information);
  } else {
    Take(information, pc);
  }
}

void RaiseByAbort(const void* pc) {
  if (aborts || !HasHandler(SIGABRT)) return;
  aborts = true;
  RaiseHere(SIGABRT, pc);
  aborts = false;
}

bool RunHandlers() {
  bool any = false;
  while (const SignalSet deliverable = Deliverable(execution.current)) {
    const siginfo_t information = pending.Take(execution.current, deliverable);
    any |= !IsIgnored(information.si_signo) && !IsDefault(information.si_signo);
    Take(information, nullptr);
  }
  return any;
}

bool TakeInterruption() { return std::exchange(interrupted[execution.current], false); }

bool EndsByInterruption(const void* pc) { return TakeInterruption() && execution.Choose(2, pc, false) == 0; }

SignalSet ExchangeBlocked(SignalSet blocked) {
  const SignalSet before = Blocked(execution.current);
  Blocked(execution.current) = blocked & ~(Bit(SIGKILL) | Bit(SIGSTOP));
  RunHandlers();
  return before;
}

bool WaitsForSignals(int thread) {
  return execution.states.Is(ThreadState::kReady, thread) &&
         execution.threads[thread].pending.kind == Kind::kSignalWait && execution.threads[thread].pending.waits;
}

void ForgetHandled() { has_handled[execution.current] = false; }
bool WasHandled() { return has_handled[execution.current]; }

bool IsInterrupted(int thread) { return interrupted[thread]; }

bool SignalsAllow(const Operation& operation) {
  const auto& wait = *reinterpret_cast<const SignalWait*>(operation.expected);
  if (!wait.waits || interrupted[wait.thread]) return true;
  return (pending.For(wait.thread) & (wait.wanted != 0 ? wait.wanted : ~Blocked(wait.thread))) != 0;
}

bool HasHandler(int signal) {
  return !IsDefault(signal) && actions[signal].handler != reinterpret_cast<void*>(SIG_IGN) &&
         (Blocked(execution.current) & Bit(signal)) == 0;
}

void* StackForOverflow(int signal) { return TopOfAlternateStack(actions[signal].flags); }

void CallHandler(int signal, siginfo_t* information, void* context) { Call(signal, information, context); }

bool EnterSignals(KernelCall& call, long& result) {
  const long* a = call.arguments;
  switch (call.number) {
    case SYS_rt_sigprocmask:
      return result = ChangeBlocked(a), true;
    case SYS_rt_sigaction:
      return result = ChangeAction(a), true;
    case SYS_rt_sigsuspend:
      return result = Suspend(reinterpret_cast<const SignalSet*>(a[0]), call), true;
    case SYS_pause:
      return result = Suspend(nullptr, call), true;
    case SYS_rt_sigtimedwait:
      return result = WaitFor(a, call), true;
    case SYS_rt_sigpending:
      *reinterpret_cast<SignalSet*>(a[0]) = pending.For(execution.current) & Blocked(execution.current);
      return result = 0, true;
    case SYS_sigaltstack:
      return result = ChangeAlternateStack(a), true;
    case SYS_gettid:
      return result = KernelNumberOf(execution.current), true;
    case SYS_kill:
    case SYS_rt_sigqueueinfo: {
      if (a[0] != SystemCall(SYS_getpid)) {
        if (a[1] == 0) return false;
        Refuse("kill() of another process", call);
      }
      const auto* given = call.number == SYS_kill ? nullptr : reinterpret_cast<const siginfo_t*>(a[2]);
      return result = Send(PendingSignals::kForProcess, static_cast<int>(a[1]), given, call), true;
    }
    case SYS_tkill:
    case SYS_tgkill:
    case SYS_rt_tgsigqueueinfo: {
      const int at = call.number == SYS_tkill ? 0 : 1;
      const int thread = ThreadNumbered(a[at]);
      if (thread < 0) return result = -ESRCH, true;
      const auto* given = call.number == SYS_rt_tgsigqueueinfo ? reinterpret_cast<const siginfo_t*>(a[3]) : nullptr;
      return result = Send(thread, static_cast<int>(a[at + 1]), given, call), true;
    }
    default:
      return false;
  }
}

void ForgetSignalsOf(int slot) {
  pending.ForgetThread(slot);
  ForgetAlternateStack(slot);
  interrupted[slot] = has_handled[slot] = false;
  // The slot's last thread may have ended in a handler.
  for (ThreadSet* set : {&execution.in_handler, &execution.woken_in_handler, &execution.waits_after_handler})
    *set &= ~Only(slot);
}

void BeginSignals() {
  for (int signal = 1; signal < kSignals; ++signal) {
    SystemCall(SYS_rt_sigaction, signal, 0, AsArgument(&at_start[signal]), sizeof(SignalSet));
  }
  // The kernel would send it itself; this runtime sends it to the thread instead.
  SetKernelAction(SIGPIPE, ActionOf(reinterpret_cast<void*>(SIG_IGN), 0), nullptr);
}

void SetBackSignals() {
  for (int signal = 1; signal < kSignals; ++signal) actions[signal] = at_start[signal];
  pending.Forget();
  aborts = false;
  for (int t = 0; t < kMaxThreads; ++t) ForgetAlternateStack(t);
  std::fill(std::begin(interrupted), std::end(interrupted), false);
}

void EndSignals() { SetKernelAction(SIGPIPE, at_start[SIGPIPE], nullptr); }

}  // namespace racelab::interleave
