// Mutexes and spin locks.

#include <errno.h>
#include <pthread.h>
#include <threads.h>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/mutation.h"

namespace racelab::interleave {
namespace {

// Values of __data.__kind in glibc: normal, recursive, error-checking, adaptive; robust; destroyed.
constexpr int kKindMask = 3, kRobustBit = 16, kDestroyed = -1;

int KindOf(const pthread_mutex_t* mutex) { return mutex->__data.__kind & kKindMask; }

// Whether the mutex itself detects that a thread unlocks it, or waits with it, without owning it.
bool ChecksOwner(const pthread_mutex_t* mutex) {
  const int kind = KindOf(mutex);
  return kind == PTHREAD_MUTEX_RECURSIVE_NP || kind == PTHREAD_MUTEX_ERRORCHECK_NP ||
         (mutex->__data.__kind & kRobustBit) != 0;
}

void ExpectMutexAlive(const pthread_mutex_t* mutex, const char* does) {
  if (mutex->__data.__kind != kDestroyed) return;
  execution.Fail(FailureKind::kMutexMisuse, "T%d %s a mutex that has been destroyed", execution.me().number, does);
}

bool Owned(std::uintptr_t address) { return execution.locks[address].owner == execution.current; }

void LockAsWritten(void* mutex, const void* pc) { LockMutex(Address(mutex), pc); }
void UnlockAsWritten(void* mutex, const void* pc) { UnlockMutex(Address(mutex), pc); }
constexpr LockCalls kMutexCalls = {LockAsWritten, UnlockAsWritten, nullptr, nullptr};

int LockAs(pthread_mutex_t* m, bool timed, const timespec* deadline, bool monotonic, const void* pc) {
  const std::uintptr_t address = Address(m);
  ExpectMutexAlive(m, "locks");
  if (Owned(address)) {
    if (KindOf(m) == PTHREAD_MUTEX_RECURSIVE_NP) {
      ++execution.locks[address].depth;
      return 0;
    }
    if (KindOf(m) == PTHREAD_MUTEX_ERRORCHECK_NP) return EDEADLK;
  }
  if (mutations.active && mutations.TryLock(m, false, kMutexCalls, pc)) [[unlikely]]
    return 0;
  Operation operation = OnLock(timed ? Kind::kTryLock : Kind::kLock, address, pc);
  operation.timed = timed;
  execution.Step(operation);
  execution.Touch(address, pc);
  // The try models a wait that timed out: it failed at some moment before the deadline.
  if (timed && execution.locks[address].IsHeld()) {
    if (!IsValid(deadline)) return EINVAL;
    AdvanceTo(deadline, monotonic);
    return ETIMEDOUT;
  }
  ExpectMutexAlive(m, "locks");
  if (mutations.active) [[unlikely]]
    mutations.Locked(m, false, kMutexCalls);
  return TakeLock(address);
}

int TryToLock(pthread_mutex_t* m, const void* pc) {
  const std::uintptr_t address = Address(m);
  ExpectMutexAlive(m, "locks");
  if (Owned(address) && KindOf(m) == PTHREAD_MUTEX_RECURSIVE_NP) {
    ++execution.locks[address].depth;
    return 0;
  }
  if (mutations.active && mutations.TryLock(m, false, kMutexCalls, pc)) [[unlikely]]
    return 0;
  execution.Step(OnLock(Kind::kTryLock, address, pc));
  execution.Touch(address, pc);
  if (execution.locks[address].IsHeld()) return EBUSY;
  if (mutations.active) [[unlikely]]
    mutations.Locked(m, false, kMutexCalls);
  return TakeLock(address);
}

int Unlock(pthread_mutex_t* m, const void* pc) {
  ExpectMutexAlive(m, "unlocks");
  if (mutations.active && execution.locks[Address(m)].depth < 2 && mutations.Unlock(m, pc)) [[unlikely]]
    return 0;
  if (MayNotUnlock(m)) {  // No other thread can observe this: it is a step only so that the report shows it.
    Operation refused = OnLock(Kind::kUnlock, Address(m), pc);
    refused.changes = 0;
    execution.Step(refused);
    return EPERM;
  }
  Lock& lock = execution.locks[Address(m)];
  if (lock.owner == execution.current && lock.depth > 1) {
    --lock.depth;
    return 0;
  }
  UnlockMutex(Address(m), pc);
  return 0;
}

void Destroy(pthread_mutex_t* m, const void* pc) {
  ExpectMutexAlive(m, "destroys");
  if (execution.locks[Address(m)].owner >= 0) {
    execution.Fail(FailureKind::kMutexMisuse, "T%d destroys a mutex that is locked", execution.me().number);
  }
  execution.Plain(Address(m), 1, true, pc);
  m->__data.__kind = kDestroyed;
}

pthread_mutex_t* AsMutex(mtx_t* mutex) { return reinterpret_cast<pthread_mutex_t*>(mutex); }

}  // namespace

bool MayNotUnlock(const pthread_mutex_t* mutex) { return ChecksOwner(mutex) && !Owned(Address(mutex)); }

int TakeLock(std::uintptr_t address) {
  Lock& lock = execution.locks[address];
  execution.Know(lock, address);
  if (lock.not_recoverable) return ENOTRECOVERABLE;
  lock.Own(execution.current);
  execution.Hold(address);
  execution.happens_before.AcquireAll(execution.current, address);
  return lock.owner_died ? EOWNERDEAD : 0;
}

int LockMutex(std::uintptr_t mutex, const void* pc) {
  execution.Step(OnLock(Kind::kLock, mutex, pc));
  execution.Touch(mutex, pc);
  return TakeLock(mutex);
}

bool TryLockMutex(std::uintptr_t address, const void* pc) {
  execution.Step(OnLock(Kind::kTryLock, address, pc));
  return !execution.locks[address].IsHeld() && TakeLock(address) == 0;
}

void UnlockMutex(std::uintptr_t address, const void* pc) {
  Operation unlock = OnLock(Kind::kUnlock, address, pc);
  unlock.misuses = execution.locks[address].owner != execution.current;
  execution.Step(unlock);
  execution.Touch(address, pc);
  Lock& lock = execution.locks[address];
  const int me = execution.me().number;
  if (lock.owner < 0) execution.Fail(FailureKind::kMutexMisuse, "T%d unlocks a mutex that is not locked", me);
  if (lock.owner != execution.current) {
    execution.Fail(FailureKind::kMutexMisuse, "T%d unlocks a mutex that T%d has locked", me,
                   execution.threads[lock.owner].number);
  }
  lock.not_recoverable = lock.owner_died;  // No thread has made it consistent.
  lock.LetGo();
  execution.LetGo(address);
  execution.happens_before.Release(execution.current, address);
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int pthread_mutex_lock(pthread_mutex_t* m) {
  return Visible() ? LockAs(m, false, nullptr, false, RACELAB_CALLER) : REAL(pthread_mutex_lock)(m);
}
RACELAB_INTERCEPTOR int pthread_mutex_timedlock(pthread_mutex_t* m, const timespec* t) {
  return Visible() ? LockAs(m, true, t, false, RACELAB_CALLER) : REAL(pthread_mutex_timedlock)(m, t);
}
RACELAB_INTERCEPTOR int pthread_mutex_clocklock(pthread_mutex_t* m, clockid_t clock, const timespec* t) {
  if (!Visible()) return REAL(pthread_mutex_clocklock)(m, clock, t);
  return CanWaitBy(clock) ? LockAs(m, true, t, clock == CLOCK_MONOTONIC, RACELAB_CALLER) : EINVAL;
}
RACELAB_INTERCEPTOR int pthread_mutex_trylock(pthread_mutex_t* m) {
  return Visible() ? TryToLock(m, RACELAB_CALLER) : REAL(pthread_mutex_trylock)(m);
}
RACELAB_INTERCEPTOR int pthread_mutex_unlock(pthread_mutex_t* m) {
  return Visible() ? Unlock(m, RACELAB_CALLER) : REAL(pthread_mutex_unlock)(m);
}
RACELAB_INTERCEPTOR int pthread_mutex_consistent(pthread_mutex_t* m) noexcept {
  if (!Visible()) return REAL(pthread_mutex_consistent)(m);
  Lock& lock = execution.locks[Address(m)];
  if (lock.owner != execution.current || !lock.owner_died) return EINVAL;
  lock.owner_died = false;
  return 0;
}
RACELAB_INTERCEPTOR int pthread_mutex_init(pthread_mutex_t* m, const pthread_mutexattr_t* attributes) {
  if (Visible()) BeginObject(Address(m), RACELAB_CALLER);
  return REAL(pthread_mutex_init)(m, attributes);
}
RACELAB_INTERCEPTOR int pthread_mutex_destroy(pthread_mutex_t* m) {
  if (!Visible()) return REAL(pthread_mutex_destroy)(m);
  Destroy(m, RACELAB_CALLER);
  return 0;
}

// <threads.h>: the C library's own functions call those of pthread within the library, where they cannot be
// intercepted.
RACELAB_INTERCEPTOR int mtx_init(mtx_t* m, int type) {
  if (Visible()) BeginObject(Address(m), RACELAB_CALLER);
  return REAL(mtx_init)(m, type);
}
RACELAB_INTERCEPTOR int mtx_lock(mtx_t* m) {
  if (!Visible()) return REAL(mtx_lock)(m);
  return C11Result(LockAs(AsMutex(m), false, nullptr, false, RACELAB_CALLER));
}
RACELAB_INTERCEPTOR int mtx_timedlock(mtx_t* m, const timespec* t) {
  if (!Visible()) return REAL(mtx_timedlock)(m, t);
  return C11Result(LockAs(AsMutex(m), true, t, false, RACELAB_CALLER));
}
RACELAB_INTERCEPTOR int mtx_trylock(mtx_t* m) {
  return Visible() ? C11Result(TryToLock(AsMutex(m), RACELAB_CALLER)) : REAL(mtx_trylock)(m);
}
RACELAB_INTERCEPTOR int mtx_unlock(mtx_t* m) {
  return Visible() ? C11Result(Unlock(AsMutex(m), RACELAB_CALLER)) : REAL(mtx_unlock)(m);
}
RACELAB_INTERCEPTOR void mtx_destroy(mtx_t* m) {
  if (!Visible()) return REAL(mtx_destroy)(m);
  Destroy(AsMutex(m), RACELAB_CALLER);
}

RACELAB_INTERCEPTOR int pthread_spin_init(pthread_spinlock_t* lock, int shared) {
  if (Visible()) BeginObject(Address(lock), RACELAB_CALLER);
  return REAL(pthread_spin_init)(lock, shared);
}
RACELAB_INTERCEPTOR int pthread_spin_lock(pthread_spinlock_t* lock) {
  if (!Visible()) return REAL(pthread_spin_lock)(lock);
  return LockMutex(Address(lock), RACELAB_CALLER);
}
RACELAB_INTERCEPTOR int pthread_spin_trylock(pthread_spinlock_t* lock) {
  if (!Visible()) return REAL(pthread_spin_trylock)(lock);
  execution.Step(OnLock(Kind::kTryLock, Address(lock), RACELAB_CALLER));
  execution.Touch(Address(lock), RACELAB_CALLER);
  return execution.locks[Address(lock)].IsHeld() ? EBUSY : TakeLock(Address(lock));
}
RACELAB_INTERCEPTOR int pthread_spin_unlock(pthread_spinlock_t* lock) {
  if (!Visible()) return REAL(pthread_spin_unlock)(lock);
  UnlockMutex(Address(lock), RACELAB_CALLER);
  return 0;
}
RACELAB_INTERCEPTOR int pthread_spin_destroy(pthread_spinlock_t* lock) {
  if (!Visible()) return REAL(pthread_spin_destroy)(lock);
  if (execution.locks[Address(lock)].IsHeld()) {
    execution.Fail(FailureKind::kMutexMisuse, "T%d destroys a spin lock that is held", execution.me().number);
  }
  execution.Plain(Address(lock), 1, true, RACELAB_CALLER);
  return 0;
}
