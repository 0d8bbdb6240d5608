// POSIX semaphores and barriers. A semaphore's value is where glibc keeps it: in the first four bytes.

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

std::uint32_t& ValueOf(sem_t* semaphore) { return *reinterpret_cast<std::uint32_t*>(semaphore); }

void Take(sem_t* semaphore) {
  --ValueOf(semaphore);
  execution.happens_before.Acquire(execution.current, Address(semaphore));
}

int TryTake(sem_t* semaphore, int otherwise, const void* pc) {
  execution.Step(Make(Kind::kTryAcquire, true, semaphore, pc, sizeof(std::uint32_t)));
  if (ValueOf(semaphore) == 0) {
    errno = otherwise;
    return -1;
  }
  Take(semaphore);
  return 0;
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int sem_wait(sem_t* s) {
  if (!Visible()) return REAL(sem_wait)(s);
  execution.Step(Make(Kind::kAcquire, true, s, RACELAB_CALLER, sizeof(std::uint32_t)));
  Take(s);
  return 0;
}
RACELAB_INTERCEPTOR int sem_trywait(sem_t* s) {
  return Visible() ? TryTake(s, EAGAIN, RACELAB_CALLER) : REAL(sem_trywait)(s);
}
RACELAB_INTERCEPTOR int sem_timedwait(sem_t* s, const timespec* t) {
  if (!Visible()) return REAL(sem_timedwait)(s, t);
  const int result = TryTake(s, ETIMEDOUT, RACELAB_CALLER);
  if (result != 0) AdvanceTo(t, false);
  return result;
}
RACELAB_INTERCEPTOR int sem_clockwait(sem_t* s, clockid_t clock, const timespec* t) {
  if (!Visible()) return REAL(sem_clockwait)(s, clock, t);
  const int result = TryTake(s, ETIMEDOUT, RACELAB_CALLER);
  if (result != 0) AdvanceTo(t, clock == CLOCK_MONOTONIC);
  return result;
}
RACELAB_INTERCEPTOR int sem_post(sem_t* s) {
  if (!Visible()) return REAL(sem_post)(s);
  execution.Step(Make(Kind::kRelease, true, s, RACELAB_CALLER, sizeof(std::uint32_t)));
  ++ValueOf(s);
  execution.happens_before.Release(execution.current, Address(s));
  return 0;
}

RACELAB_INTERCEPTOR int pthread_barrier_init(pthread_barrier_t* b, const pthread_barrierattr_t* attributes, unsigned count) {
  if (!Live()) return REAL(pthread_barrier_init)(b, attributes, count);
  if (count == 0) return EINVAL;
  Barrier fresh;
  fresh.count = count;
  execution.barriers[Address(b)] = fresh;
  return 0;
}
RACELAB_INTERCEPTOR int pthread_barrier_wait(pthread_barrier_t* b) {
  if (!Visible()) return REAL(pthread_barrier_wait)(b);
  const std::uintptr_t address = Address(b);
  const void* pc = RACELAB_CALLER;
  execution.Step(Make(Kind::kBarrier, true, b, pc));
  Barrier& barrier = execution.barriers[address];
  if (barrier.count == 0) execution.Fail(FailureKind::kUnsupported, "a barrier from before the exploration began");
  execution.happens_before.Release(execution.current, address);
  if (++barrier.arrived < barrier.count) {
    barrier.waiting.Add(execution.current);
    execution.Sleep(kNever, Make(Kind::kBarrier, true, b, pc));
    execution.happens_before.Acquire(execution.current, address);
    return 0;
  }
  barrier.arrived = 0;
  execution.happens_before.Acquire(execution.current, address);
  for (int thread; (thread = barrier.waiting.TakeFirst()) >= 0;) execution.Wake(thread);
  return PTHREAD_BARRIER_SERIAL_THREAD;
}
RACELAB_INTERCEPTOR int pthread_barrier_destroy(pthread_barrier_t* b) {
  return Live() ? 0 : REAL(pthread_barrier_destroy)(b);
}
