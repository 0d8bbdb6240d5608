// Condition variables. A notification wakes whoever has waited longest; there are no spurious wake-ups.

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
  execution.Step(Make(Kind::kWait, true, condition, pc));
  execution.conditions[queue].Add(me);
  UnlockMutex(Address(mutex), pc);
  const auto waits = [&] {
    const WaitQueue& waiting = execution.conditions[queue];
    for (int i = 0; i < waiting.count; ++i) {
      if (waiting.threads[i] == me) return true;
    }
    return false;
  };
  bool timed_out = false;
  if (waits()) {
    timed_out = !execution.Sleep(timed ? VirtualTime(deadline, monotonic) : kNever,
                                 Make(timed ? Kind::kTimeout : Kind::kWait, true, condition, pc));
    if (timed_out) execution.conditions[queue].Remove(me);
  }
  LockMutex(Address(mutex), pc);
  return timed_out ? ETIMEDOUT : 0;
}

int Notify(pthread_cond_t* condition, bool all, const void* pc) {
  execution.Step(Make(Kind::kNotify, true, condition, pc));
  WaitQueue& waiting = execution.conditions[Address(condition)];
  do {
    const int thread = waiting.TakeFirst();
    if (thread < 0) break;
    if (execution.Sleeps(thread)) execution.Wake(thread);
  } while (all);
  return 0;
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int pthread_cond_wait(pthread_cond_t* c, pthread_mutex_t* m) {
  return Visible() ? Wait(c, m, false, nullptr, false, RACELAB_CALLER) : REAL(pthread_cond_wait)(c, m);
}
RACELAB_INTERCEPTOR int pthread_cond_timedwait(pthread_cond_t* c, pthread_mutex_t* m, const timespec* t) {
  return Visible() ? Wait(c, m, true, t, false, RACELAB_CALLER) : REAL(pthread_cond_timedwait)(c, m, t);
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
  return Visible() ? 0 : REAL(pthread_cond_destroy)(c);
}
