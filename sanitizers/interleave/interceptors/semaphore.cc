// POSIX semaphores and barriers.

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

#include "sanitizers/interleave/interceptors/cancellation.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/model/semaphore.h"
#include "sanitizers/interleave/signals.h"

namespace racelab::interleave {
namespace {

void Take(sem_t* semaphore) {
  --SemaphoreValue(Address(semaphore));
  execution.happens_before.Acquire(execution.current, Address(semaphore));
}

int Interrupted() {
  errno = EINTR;
  return -1;
}

int Wait(sem_t* semaphore, const void* pc) {
  ExpectAlive(semaphore, "waits on");
  Operation acquire = OnSemaphore(Kind::kAcquire, Address(semaphore), pc);
  acquire.expected = static_cast<std::uint64_t>(execution.current);
  TakeInterruption();  // Discards an interruption from before this call.
  do {
    EnterCancellationPoint();
    execution.Step(acquire);
    LeaveCancellationPoint(true);
    execution.Touch(Address(semaphore), pc);
    if (EndsByInterruption(pc)) return Interrupted();
  } while (SemaphoreValue(Address(semaphore)) == 0);
  Take(semaphore);
  return 0;
}

int TryTake(sem_t* semaphore, int otherwise, const void* pc) {
  ExpectAlive(semaphore, "waits on");
  const bool timed = otherwise == ETIMEDOUT;
  TakeInterruption();
  if (timed) EnterCancellationPoint();
  execution.Step(OnSemaphore(Kind::kTryAcquire, Address(semaphore), pc, timed));
  if (timed) LeaveCancellationPoint(true);
  execution.Touch(Address(semaphore), pc);
  if (timed && EndsByInterruption(pc)) return Interrupted();
  if (SemaphoreValue(Address(semaphore)) == 0) {
    errno = otherwise;
    return -1;
  }
  Take(semaphore);
  return 0;
}

int TakeUntil(sem_t* semaphore, clockid_t clock, const timespec* deadline, const void* pc) {
  if (!CanWaitBy(clock) || !IsValid(deadline)) {
    errno = EINVAL;
    return -1;
  }
  const int result = TryTake(semaphore, ETIMEDOUT, pc);
  if (result != 0 && errno == ETIMEDOUT) AdvanceTo(deadline, clock == CLOCK_MONOTONIC);
  return result;
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int sem_wait(sem_t* s) { return Visible() ? Wait(s, RACELAB_CALLER) : REAL(sem_wait)(s); }
RACELAB_INTERCEPTOR int sem_trywait(sem_t* s) {
  return Visible() ? TryTake(s, EAGAIN, RACELAB_CALLER) : REAL(sem_trywait)(s);
}
RACELAB_INTERCEPTOR int sem_timedwait(sem_t* s, const timespec* t) {
  return Visible() ? TakeUntil(s, CLOCK_REALTIME, t, RACELAB_CALLER) : REAL(sem_timedwait)(s, t);
}
RACELAB_INTERCEPTOR int sem_clockwait(sem_t* s, clockid_t clock, const timespec* t) {
  return Visible() ? TakeUntil(s, clock, t, RACELAB_CALLER) : REAL(sem_clockwait)(s, clock, t);
}
RACELAB_INTERCEPTOR int sem_post(sem_t* s) {
  if (!Visible()) return REAL(sem_post)(s);
  ExpectAlive(s, "posts");
  execution.Step(OnSemaphore(Kind::kRelease, Address(s), RACELAB_CALLER));
  execution.Touch(Address(s), RACELAB_CALLER);
  std::uint32_t& value = SemaphoreValue(Address(s));
  if (value == SEM_VALUE_MAX) {
    errno = EOVERFLOW;
    return -1;
  }
  ++value;
  execution.happens_before.Release(execution.current, Address(s));
  return 0;
}

RACELAB_INTERCEPTOR int sem_getvalue(sem_t* s, int* value) noexcept {
  if (!Visible()) return REAL(sem_getvalue)(s, value);
  ExpectAlive(s, "asks for the value of");
  execution.Step(Make(Kind::kLoad, false, s, RACELAB_CALLER, sizeof(std::uint32_t)));
  execution.Touch(Address(s), RACELAB_CALLER);
  *value = static_cast<int>(SemaphoreValue(Address(s)));
  return 0;
}

RACELAB_INTERCEPTOR int sem_init(sem_t* s, int shared, unsigned value) noexcept {
  if (Visible()) BeginObject(Address(s), RACELAB_CALLER);
  return REAL(sem_init)(s, shared, value);
}
RACELAB_INTERCEPTOR int sem_destroy(sem_t* s) noexcept {
  if (!Visible()) return REAL(sem_destroy)(s);
  ExpectAlive(s, "destroys");
  for (ThreadSet ready = execution.states.In(ThreadState::kReady); ready != 0; ready &= ready - 1) {
    const Thread& thread = execution.threads[Lowest(ready)];
    if (thread.pending.kind != Kind::kAcquire || thread.pending.address != Address(s)) continue;
    execution.Fail(FailureKind::kMutexMisuse, "T%d destroys a semaphore on which T%d waits", execution.me().number,
                   thread.number);
  }
  EndObject(s, RACELAB_CALLER);
  return 0;
}

RACELAB_INTERCEPTOR int pthread_barrier_init(pthread_barrier_t* b, const pthread_barrierattr_t* attributes,
                                             unsigned count) {
  if (!Live()) return REAL(pthread_barrier_init)(b, attributes, count);
  if (count == 0) return EINVAL;
  if (Visible()) BeginObject(Address(b), RACELAB_CALLER);
  Barrier fresh;
  fresh.count = count;
  execution.Know(fresh, Address(b));
  execution.barriers[Address(b)] = fresh;
  *b = {};
  return 0;
}
RACELAB_INTERCEPTOR int pthread_barrier_wait(pthread_barrier_t* b) {
  if (!Visible()) return REAL(pthread_barrier_wait)(b);
  const std::uintptr_t address = Address(b);
  const void* pc = RACELAB_CALLER;
  ExpectAlive(b, "waits at");
  const Operation arrive = OnBarrier(address, pc);
  execution.Step(arrive);
  execution.Touch(address, pc);
  Barrier& barrier = execution.barriers[address];
  if (barrier.count == 0) execution.Fail(FailureKind::kUnsupported, "a barrier from before the exploration began");
  execution.happens_before.Release(execution.current, address);
  if (!barrier.Arrive(execution.current)) {
    execution.Sleep(kNever, arrive);
    execution.happens_before.Acquire(execution.current, address);
    execution.Touch(address, pc);  // The thread leaves the barrier: this must happen before the barrier's destruction.
    return 0;
  }
  execution.happens_before.Acquire(execution.current, address);
  for (int thread; (thread = barrier.waiting.TakeFirst()) >= 0;) execution.Wake(thread, address);
  return PTHREAD_BARRIER_SERIAL_THREAD;
}
RACELAB_INTERCEPTOR int pthread_barrier_destroy(pthread_barrier_t* b) {
  if (!Visible()) return REAL(pthread_barrier_destroy)(b);
  ExpectAlive(b, "destroys");
  const WaitQueue& waiting = execution.barriers[Address(b)].waiting;
  if (waiting.count > 0) {
    execution.Fail(FailureKind::kMutexMisuse, "T%d destroys a barrier at which T%d waits", execution.me().number,
                   execution.threads[waiting.threads[0]].number);
  }
  EndObject(b, RACELAB_CALLER);
  return 0;
}
