// Condition variables. A notification wakes any one of the waiting threads, and each wait in the program may once end
// without cause before it is notified.

#include <errno.h>
#include <pthread.h>
#include <threads.h>

#include "sanitizers/interleave/interceptors/cancellation.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/mutation.h"

namespace racelab::interleave {
namespace {

// Entering the queue conflicts with notifications, and releasing the mutex with other lockers. These are two steps,
// with the effect of the single step that POSIX requires, because a thread that has entered the queue can be woken
// before it sleeps.
int Wait(pthread_cond_t* condition, pthread_mutex_t* mutex, bool timed, const timespec* deadline, bool monotonic,
         const void* pc) {
  const std::uintptr_t queue = Address(condition);
  const int me = execution.current;
  ExpectAlive(condition, "waits on");
  if (timed && !IsValid(deadline)) return EINVAL;
  if (MayNotUnlock(mutex)) return EPERM;
  const std::int64_t wakes_at = timed ? VirtualTime(deadline, monotonic) : kNever;
  const bool may_wake_up = wakes_at > execution.now;  // Otherwise its time is up already.
  EnterCancellationPoint();
  execution.Step(OnCondition(Kind::kWait, queue, pc));
  LeaveCancellationPoint(true);
  execution.Touch(queue, pc);
  execution.Know(execution.conditions[queue], queue);
  execution.conditions[queue].waiting.Add(me);
  const std::uintptr_t held = mutations.active ? mutations.HeldFor(Address(mutex)) : Address(mutex);
  Lock& lock = execution.locks[Address(mutex)];
  // Releases only one level: a recursive mutex that is locked more than once stays locked during the wait.
  const bool stays_locked = held == 0 || (lock.owner == me && lock.depth > 1);
  execution.me().at_cancellation_point = !execution.me().cancel_disabled;
  if (!stays_locked) UnlockMutex(held, pc);
  using WokenBy = Execution::WokenBy;
  WokenBy woken_by = WokenBy::kThread;
  if (execution.conditions[queue].waiting.Contains(me) && !execution.me().IsCancelled()) {
    woken_by = execution.Sleep(wakes_at, OnCondition(timed ? Kind::kTimeout : Kind::kWait, queue, pc), may_wake_up);
  }
  // A thread that is notified before it is cancelled continues. A thread that is cancelled first leaves the
  // notification to another waiter.
  const bool still_waits = execution.conditions[queue].waiting.Remove(me);
  const bool cancelled = still_waits && woken_by == WokenBy::kThread && execution.me().IsCancelled();
  execution.me().at_cancellation_point = false;
  const int result = stays_locked ? 0 : LockMutex(held, pc);
  if (cancelled) EnterCancellationPoint();
  return result == 0 && woken_by == WokenBy::kTime ? ETIMEDOUT : result;
}

int WaitUntil(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* deadline, const void* pc) {
  return Wait(condition, mutex, true, deadline, execution.conditions[Address(condition)].monotonic, pc);
}

int Notify(pthread_cond_t* condition, bool all, const void* pc) {
  ExpectAlive(condition, "notifies");
  if (mutations.active) [[unlikely]] {
    const int most = all ? 1 : 0;  // The most threads that a mutant wakes.
    const Mutator mutator = mutations.At(all ? SiteKind::kNotifyAll : SiteKind::kNotifyOne, pc);
    if (mutator != Mutator::kNone && execution.conditions[Address(condition)].waiting.count > most) mutations.Differs();
    if (mutator == Mutator::kSkipNotify) return 0;
    if (mutator == Mutator::kNotifyOne) all = false;
  }
  execution.Step(OnCondition(Kind::kNotify, Address(condition), pc));
  execution.Touch(Address(condition), pc);
  const int waiting = execution.conditions[Address(condition)].waiting.count;
  const int first = all || waiting < 2 ? 0 : execution.Choose(waiting, pc);
  for (int i = 0; i < (all ? waiting : waiting == 0 ? 0 : 1); ++i) {
    const int thread = execution.conditions[Address(condition)].waiting.Take(first);
    if (execution.Sleeps(thread)) execution.Wake(thread, Address(condition));
  }
  return 0;
}

void Begin(pthread_cond_t* condition, bool monotonic, const void* pc) {
  BeginObject(Address(condition), pc);
  *condition = PTHREAD_COND_INITIALIZER;
  execution.Know(execution.conditions[Address(condition)], Address(condition));
  execution.conditions[Address(condition)].monotonic = monotonic;
}

void End(pthread_cond_t* condition, const void* pc) {
  ExpectAlive(condition, "destroys");
  const WaitQueue& waiting = execution.conditions[Address(condition)].waiting;
  if (waiting.count > 0) {
    execution.Fail(FailureKind::kMutexMisuse, "T%d destroys a condition variable on which T%d waits",
                   execution.me().number, execution.threads[waiting.threads[0]].number);
  }
  EndObject(condition, pc);
}

pthread_cond_t* AsCondition(cnd_t* condition) { return reinterpret_cast<pthread_cond_t*>(condition); }

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int pthread_cond_init(pthread_cond_t* c, const pthread_condattr_t* attributes) {
  if (!Visible()) return REAL(pthread_cond_init)(c, attributes);
  clockid_t clock = CLOCK_REALTIME;
  if (attributes != nullptr) pthread_condattr_getclock(attributes, &clock);
  Begin(c, clock == CLOCK_MONOTONIC, RACELAB_CALLER);
  return 0;
}
RACELAB_INTERCEPTOR int pthread_cond_wait(pthread_cond_t* c, pthread_mutex_t* m) {
  return Visible() ? Wait(c, m, false, nullptr, false, RACELAB_CALLER) : REAL(pthread_cond_wait)(c, m);
}
RACELAB_INTERCEPTOR int pthread_cond_timedwait(pthread_cond_t* c, pthread_mutex_t* m, const timespec* t) {
  return Visible() ? WaitUntil(c, m, t, RACELAB_CALLER) : REAL(pthread_cond_timedwait)(c, m, t);
}
RACELAB_INTERCEPTOR int pthread_cond_clockwait(pthread_cond_t* c, pthread_mutex_t* m, clockid_t clock,
                                               const timespec* t) {
  if (!Visible()) return REAL(pthread_cond_clockwait)(c, m, clock, t);
  return CanWaitBy(clock) ? Wait(c, m, true, t, clock == CLOCK_MONOTONIC, RACELAB_CALLER) : EINVAL;
}
RACELAB_INTERCEPTOR int pthread_cond_signal(pthread_cond_t* c) {
  return Visible() ? Notify(c, false, RACELAB_CALLER) : REAL(pthread_cond_signal)(c);
}
RACELAB_INTERCEPTOR int pthread_cond_broadcast(pthread_cond_t* c) {
  return Visible() ? Notify(c, true, RACELAB_CALLER) : REAL(pthread_cond_broadcast)(c);
}
RACELAB_INTERCEPTOR int pthread_cond_destroy(pthread_cond_t* c) {
  if (!Visible()) return REAL(pthread_cond_destroy)(c);
  End(c, RACELAB_CALLER);
  return 0;
}

RACELAB_INTERCEPTOR int cnd_init(cnd_t* c) {
  if (!Visible()) return REAL(cnd_init)(c);
  Begin(AsCondition(c), false, RACELAB_CALLER);
  return thrd_success;
}
RACELAB_INTERCEPTOR int cnd_wait(cnd_t* c, mtx_t* m) {
  if (!Visible()) return REAL(cnd_wait)(c, m);
  return C11Result(Wait(AsCondition(c), reinterpret_cast<pthread_mutex_t*>(m), false, nullptr, false, RACELAB_CALLER));
}
RACELAB_INTERCEPTOR int cnd_timedwait(cnd_t* c, mtx_t* m, const timespec* t) {
  if (!Visible()) return REAL(cnd_timedwait)(c, m, t);
  return C11Result(WaitUntil(AsCondition(c), reinterpret_cast<pthread_mutex_t*>(m), t, RACELAB_CALLER));
}
RACELAB_INTERCEPTOR int cnd_signal(cnd_t* c) {
  return Visible() ? C11Result(Notify(AsCondition(c), false, RACELAB_CALLER)) : REAL(cnd_signal)(c);
}
RACELAB_INTERCEPTOR int cnd_broadcast(cnd_t* c) {
  return Visible() ? C11Result(Notify(AsCondition(c), true, RACELAB_CALLER)) : REAL(cnd_broadcast)(c);
}
RACELAB_INTERCEPTOR void cnd_destroy(cnd_t* c) {
  if (!Visible()) return REAL(cnd_destroy)(c);
  End(AsCondition(c), RACELAB_CALLER);
}
