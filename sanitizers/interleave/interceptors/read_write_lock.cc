// Read-write locks. By default, readers can enter unless a writer is inside, even repeatedly; a lock that prefers
// writers keeps new readers out while a writer queues.

#include <errno.h>
#include <pthread.h>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/mutation.h"

namespace racelab::interleave {
namespace {

bool PrefersWriters(const pthread_rwlock_t* lock) {
  return lock->__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

bool Owned(const pthread_rwlock_t* lock) { return execution.locks[Address(lock)].owner == execution.current; }

int Read(const pthread_rwlock_t* lock) {
  Lock& state = execution.locks[Address(lock)];
  execution.Know(state, Address(lock));
  state.readers |= Only(execution.current);
  execution.Hold(Address(lock));
  execution.happens_before.Acquire(execution.current, Address(lock));
  return 0;
}

// A writer takes a free lock at once. Otherwise, new readers wait from now on, because the lock prefers writers.
// Returns true if the writer must also wait.
bool QueueForLock(pthread_rwlock_t* lock, const void* pc) {
  execution.Step(OnLock(Kind::kQueueForLock, Address(lock), pc));
  Lock& state = execution.locks[Address(lock)];
  if (!state.IsHeld()) return false;
  state.queued_writers |= Only(execution.current);
  return true;
}

int LockSharedAsWritten(pthread_rwlock_t* lock, const void* pc) {
  execution.Step(OnLock(Kind::kLockShared, Address(lock), pc, PrefersWriters(lock)));
  execution.Touch(Address(lock), pc);
  return Read(lock);
}

int LockExclusiveAsWritten(pthread_rwlock_t* lock, const void* pc) {
  const bool prefers_writers = PrefersWriters(lock);
  if (!prefers_writers || QueueForLock(lock, pc))
    execution.Step(OnLock(Kind::kLock, Address(lock), pc, prefers_writers));
  execution.Touch(Address(lock), pc);
  return TakeLock(Address(lock));
}

int UnlockAsWritten(pthread_rwlock_t* lock, const void* pc) {
  const std::uintptr_t address = Address(lock);
  if ((execution.locks[address].readers & Only(execution.current)) == 0) {
    UnlockMutex(address, pc);
    return 0;
  }
  if (execution.TimesHeld(address) == 1) {  // Otherwise, other threads see no difference.
    execution.Step(OnLock(Kind::kUnlockShared, address, pc));
    execution.locks[address].readers &= ~Only(execution.current);
  }
  execution.Touch(address, pc);
  execution.LetGo(address);
  execution.happens_before.ReleaseShared(execution.current, address);
  return 0;
}

pthread_rwlock_t* AsLock(void* lock) { return static_cast<pthread_rwlock_t*>(lock); }
constexpr LockCalls kReadWriteCalls = {
    .lock = [](void* lock, const void* pc) { LockExclusiveAsWritten(AsLock(lock), pc); },
    .unlock = [](void* lock, const void* pc) { UnlockAsWritten(AsLock(lock), pc); },
    .lock_shared = [](void* lock, const void* pc) { LockSharedAsWritten(AsLock(lock), pc); },
    .unlock_shared = [](void* lock, const void* pc) { UnlockAsWritten(AsLock(lock), pc); },
};

int LockShared(pthread_rwlock_t* lock, const void* pc) {
  ExpectAlive(lock, "locks");
  if (Owned(lock)) return EDEADLK;
  if (mutations.active && mutations.Lock(lock, true, kReadWriteCalls, pc)) [[unlikely]]
    return 0;
  return LockSharedAsWritten(lock, pc);
}

// With a time limit, this models a wait that timed out: it failed at some moment before the deadline.
int TryLockShared(pthread_rwlock_t* lock, bool timed, const void* pc) {
  ExpectAlive(lock, "locks");
  if (timed && Owned(lock)) return EDEADLK;
  if (mutations.active && mutations.TryLock(lock, true, kReadWriteCalls, pc)) [[unlikely]]
    return 0;
  Operation operation = OnLock(Kind::kTryLockShared, Address(lock), pc, PrefersWriters(lock));
  operation.timed = timed;
  execution.Step(operation);
  execution.Touch(Address(lock), pc);
  const Lock& state = execution.locks[Address(lock)];
  if (state.owner >= 0 || state.queued_writers != 0) return EBUSY;
  if (mutations.active) [[unlikely]]
    mutations.Locked(lock, true, kReadWriteCalls);
  return Read(lock);
}

int LockExclusive(pthread_rwlock_t* lock, const void* pc) {
  ExpectAlive(lock, "locks");
  if (Owned(lock)) return EDEADLK;
  if (mutations.active && mutations.Lock(lock, false, kReadWriteCalls, pc)) [[unlikely]]
    return 0;
  return LockExclusiveAsWritten(lock, pc);
}

int TryLockExclusive(pthread_rwlock_t* lock, bool timed, const void* pc) {
  ExpectAlive(lock, "locks");
  if (timed && Owned(lock)) return EDEADLK;
  if (mutations.active && mutations.TryLock(lock, false, kReadWriteCalls, pc)) [[unlikely]]
    return 0;
  const bool queues = timed && PrefersWriters(lock);
  if (!queues || QueueForLock(lock, pc)) {
    Operation operation = OnLock(Kind::kTryLock, Address(lock), pc, queues);
    operation.timed = timed;
    execution.Step(operation);
  }
  execution.Touch(Address(lock), pc);
  Lock& state = execution.locks[Address(lock)];
  state.queued_writers &= ~Only(execution.current);
  if (state.IsHeld()) return EBUSY;
  if (mutations.active) [[unlikely]]
    mutations.Locked(lock, false, kReadWriteCalls);
  return TakeLock(Address(lock));
}

int GaveUp(int result, const timespec* deadline, bool monotonic) {
  if (result != EBUSY) return result;
  AdvanceTo(deadline, monotonic);
  return ETIMEDOUT;
}

int Unlock(pthread_rwlock_t* lock, const void* pc) {
  ExpectAlive(lock, "unlocks");
  if (mutations.active && mutations.Unlock(lock, pc)) [[unlikely]]
    return 0;
  return UnlockAsWritten(lock, pc);
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int pthread_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes) {
  if (Visible()) BeginObject(Address(lock), RACELAB_CALLER);
  return REAL(pthread_rwlock_init)(lock, attributes);
}
RACELAB_INTERCEPTOR int pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
  return Visible() ? LockShared(lock, RACELAB_CALLER) : REAL(pthread_rwlock_rdlock)(lock);
}
RACELAB_INTERCEPTOR int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) {
  return Visible() ? TryLockShared(lock, false, RACELAB_CALLER) : REAL(pthread_rwlock_tryrdlock)(lock);
}
RACELAB_INTERCEPTOR int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* t) {
  if (!Visible()) return REAL(pthread_rwlock_timedrdlock)(lock, t);
  return IsValid(t) ? GaveUp(TryLockShared(lock, true, RACELAB_CALLER), t, false) : EINVAL;
}
RACELAB_INTERCEPTOR int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* t) {
  if (!Visible()) return REAL(pthread_rwlock_clockrdlock)(lock, clock, t);
  if (!CanWaitBy(clock) || !IsValid(t)) return EINVAL;
  return GaveUp(TryLockShared(lock, true, RACELAB_CALLER), t, clock == CLOCK_MONOTONIC);
}
RACELAB_INTERCEPTOR int pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
  return Visible() ? LockExclusive(lock, RACELAB_CALLER) : REAL(pthread_rwlock_wrlock)(lock);
}
RACELAB_INTERCEPTOR int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) {
  return Visible() ? TryLockExclusive(lock, false, RACELAB_CALLER) : REAL(pthread_rwlock_trywrlock)(lock);
}
RACELAB_INTERCEPTOR int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* t) {
  if (!Visible()) return REAL(pthread_rwlock_timedwrlock)(lock, t);
  return IsValid(t) ? GaveUp(TryLockExclusive(lock, true, RACELAB_CALLER), t, false) : EINVAL;
}
RACELAB_INTERCEPTOR int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* t) {
  if (!Visible()) return REAL(pthread_rwlock_clockwrlock)(lock, clock, t);
  if (!CanWaitBy(clock) || !IsValid(t)) return EINVAL;
  return GaveUp(TryLockExclusive(lock, true, RACELAB_CALLER), t, clock == CLOCK_MONOTONIC);
}
RACELAB_INTERCEPTOR int pthread_rwlock_unlock(pthread_rwlock_t* lock) {
  return Visible() ? Unlock(lock, RACELAB_CALLER) : REAL(pthread_rwlock_unlock)(lock);
}
RACELAB_INTERCEPTOR int pthread_rwlock_destroy(pthread_rwlock_t* lock) {
  if (!Visible()) return REAL(pthread_rwlock_destroy)(lock);
  ExpectAlive(lock, "destroys");
  if (execution.locks[Address(lock)].IsHeld()) {
    execution.Fail(FailureKind::kMutexMisuse, "T%d destroys a lock that is held", execution.me().number);
  }
  EndObject(lock, RACELAB_CALLER);
  return 0;
}
