// Condition variables. A notification wakes any one of those who wait, and a wait may end without cause, once at its
// place before it ends with one.

#include <errno.h>
#include <pthread.h>

#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

// Entering the queue conflicts with notifications, releasing the mutex with other lockers: two steps, with the effect
// of the one that POSIX asks for, because who has entered the queue can be woken before it sleeps.
int Wait(pthread_cond_t* condition, pthread_mutex_t* mutex, bool timed, const timespec* deadline, bool monotonic,
         const void* pc) {
  const std::uintptr_t queue = Address(condition);
  const int me = execution.current;
  ExpectAlive(condition, "waits on");
  execution.Step(OnCondition(Kind::kWait, queue, pc));
  execution.Touch(queue, pc);
  execution.Know(execution.conditions[queue], queue);
  execution.conditions[queue].waiting.Add(me);
  Lock& lock = execution.locks[Address(mutex)];
  const int depth = lock.depth;
  UnlockMutex(Address(mutex), pc);
  using WokenBy = Execution::WokenBy;
  WokenBy woken_by = WokenBy::kThread;
  if (execution.conditions[queue].waiting.Contains(me)) {
    woken_by = execution.Sleep(timed ? VirtualTime(deadline, monotonic) : kNever,
                               OnCondition(timed ? Kind::kTimeout : Kind::kWait, queue, pc), true);
    if (woken_by != WokenBy::kThread) execution.conditions[queue].waiting.Remove(me);
  }
  const int result = LockMutex(Address(mutex), pc);
  execution.locks[Address(mutex)].depth = static_cast<std::uint16_t>(depth);
  return woken_by == WokenBy::kTime ? ETIMEDOUT : result;
}

int WaitUntil(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* deadline, const void* pc) {
  return Wait(condition, mutex, true, deadline, execution.conditions[Address(condition)].monotonic, pc);
}

int Notify(pthread_cond_t* condition, bool all, const void* pc) {
  ExpectAlive(condition, "notifies");
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

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int pthread_cond_init(pthread_cond_t* c, const pthread_condattr_t* attributes) {
  if (!Visible()) return REAL(pthread_cond_init)(c, attributes);
  BeginObject(Address(c), RACELAB_CALLER);
  clockid_t clock = CLOCK_REALTIME;
  if (attributes != nullptr) pthread_condattr_getclock(attributes, &clock);
  *c = PTHREAD_COND_INITIALIZER;
  execution.Know(execution.conditions[Address(c)], Address(c));
  execution.conditions[Address(c)].monotonic = clock == CLOCK_MONOTONIC;
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
  return Visible() ? Wait(c, m, true, t, clock == CLOCK_MONOTONIC, RACELAB_CALLER)
                   : REAL(pthread_cond_clockwait)(c, m, clock, t);
}
RACELAB_INTERCEPTOR int pthread_cond_signal(pthread_cond_t* c) {
  return Visible() ? Notify(c, false, RACELAB_CALLER) : REAL(pthread_cond_signal)(c);
}
RACELAB_INTERCEPTOR int pthread_cond_broadcast(pthread_cond_t* c) {
  return Visible() ? Notify(c, true, RACELAB_CALLER) : REAL(pthread_cond_broadcast)(c);
}
RACELAB_INTERCEPTOR int pthread_cond_destroy(pthread_cond_t* c) {
  if (!Visible()) return REAL(pthread_cond_destroy)(c);
  ExpectAlive(c, "destroys");
  const WaitQueue& waiting = execution.conditions[Address(c)].waiting;
  if (waiting.count > 0) {
    execution.Fail(FailureKind::kMutexMisuse, "T%d destroys a condition variable on which T%d waits",
                   execution.me().number, execution.threads[waiting.threads[0]].number);
  }
  EndObject(c, RACELAB_CALLER);
  return 0;
}
