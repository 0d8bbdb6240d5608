// Mutexes and read-write locks.

#include <errno.h>
#include <pthread.h>

#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

constexpr int kKindMask = 3;  // Of __data.__kind in glibc: normal, recursive, error-checking, adaptive.

int KindOf(const pthread_mutex_t* mutex) { return mutex->__data.__kind & kKindMask; }

void Own(std::uintptr_t address) {
  Mutex& mutex = execution.mutexes[address];
  mutex.owner = static_cast<std::int8_t>(execution.current);
  mutex.depth = 1;
  execution.Hold(address);
  execution.happens_before.AcquireAll(execution.current, address);
}

bool Owned(std::uintptr_t address) { return execution.mutexes[address].owner == execution.current; }

int Lock(pthread_mutex_t* m, bool timed, const timespec* deadline, bool monotonic, const void* pc) {
  const std::uintptr_t address = Address(m);
  if (Owned(address)) {
    if (KindOf(m) == PTHREAD_MUTEX_RECURSIVE_NP) {
      ++execution.mutexes[address].depth;
      return 0;
    }
    if (KindOf(m) == PTHREAD_MUTEX_ERRORCHECK_NP) return EDEADLK;
  }
  if (timed) {  // Waits and gets it, or gives up: a try at some moment before the deadline.
    execution.Step(Make(Kind::kTryLock, true, m, pc));
    const Mutex& mutex = execution.mutexes[address];
    if (mutex.owner >= 0) {
      AdvanceTo(deadline, monotonic);
      return ETIMEDOUT;
    }
  } else {
    execution.Step(Make(Kind::kLock, true, m, pc));
  }
  Own(address);
  return 0;
}

int TryLock(pthread_mutex_t* m, const void* pc) {
  const std::uintptr_t address = Address(m);
  if (Owned(address) && KindOf(m) == PTHREAD_MUTEX_RECURSIVE_NP) {
    ++execution.mutexes[address].depth;
    return 0;
  }
  execution.Step(Make(Kind::kTryLock, true, m, pc));
  const Mutex& mutex = execution.mutexes[address];
  if (mutex.owner >= 0 || mutex.readers != 0) return EBUSY;
  Own(address);
  return 0;
}

int LockShared(pthread_rwlock_t* lock, const void* pc) {
  const std::uintptr_t address = Address(lock);
  if (Owned(address)) return EDEADLK;
  execution.Step(Make(Kind::kLockShared, false, lock, pc));
  execution.mutexes[address].readers |= static_cast<ThreadSet>(1 << execution.current);
  execution.Hold(address);
  execution.happens_before.Acquire(execution.current, address);
  return 0;
}

int TryLockShared(pthread_rwlock_t* lock, const void* pc) {
  const std::uintptr_t address = Address(lock);
  execution.Step(Make(Kind::kTryLockShared, false, lock, pc));
  if (execution.mutexes[address].owner >= 0) return EBUSY;
  execution.mutexes[address].readers |= static_cast<ThreadSet>(1 << execution.current);
  execution.Hold(address);
  execution.happens_before.Acquire(execution.current, address);
  return 0;
}

int UnlockReadWrite(pthread_rwlock_t* lock, const void* pc) {
  const std::uintptr_t address = Address(lock);
  const auto me = static_cast<ThreadSet>(1 << execution.current);
  if ((execution.mutexes[address].readers & me) == 0) {
    UnlockMutex(address, pc);
    return 0;
  }
  execution.Step(Make(Kind::kUnlockShared, false, lock, pc));
  execution.mutexes[address].readers &= ~me;
  execution.LetGo(address);
  execution.happens_before.ReleaseShared(execution.current, address);
  return 0;
}

}  // namespace

void LockMutex(std::uintptr_t mutex, const void* pc) {
  execution.Step(Make(Kind::kLock, true, reinterpret_cast<void*>(mutex), pc));
  Own(mutex);
}

bool TryLockMutex(std::uintptr_t address, const void* pc) {
  execution.Step(Make(Kind::kTryLock, true, reinterpret_cast<void*>(address), pc));
  if (execution.mutexes[address].owner >= 0) return false;
  Own(address);
  return true;
}

void UnlockMutex(std::uintptr_t address, const void* pc) {
  execution.Step(Make(Kind::kUnlock, true, reinterpret_cast<void*>(address), pc));
  Mutex& mutex = execution.mutexes[address];
  if (mutex.owner < 0)
    execution.Fail(FailureKind::kMutexMisuse, "T%d unlocks a mutex that is not locked", execution.current);
  if (mutex.owner != execution.current) {
    execution.Fail(FailureKind::kMutexMisuse, "T%d unlocks a mutex that T%d has locked", execution.current,
                   mutex.owner);
  }
  mutex.owner = -1;
  mutex.depth = 0;
  execution.LetGo(address);
  execution.happens_before.Release(execution.current, address);
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int pthread_mutex_lock(pthread_mutex_t* m) {
  return Visible() ? Lock(m, false, nullptr, false, RACELAB_CALLER) : REAL(pthread_mutex_lock)(m);
}
RACELAB_INTERCEPTOR int pthread_mutex_timedlock(pthread_mutex_t* m, const timespec* t) {
  return Visible() ? Lock(m, true, t, false, RACELAB_CALLER) : REAL(pthread_mutex_timedlock)(m, t);
}
RACELAB_INTERCEPTOR int pthread_mutex_clocklock(pthread_mutex_t* m, clockid_t clock, const timespec* t) {
  return Visible() ? Lock(m, true, t, clock == CLOCK_MONOTONIC, RACELAB_CALLER)
                   : REAL(pthread_mutex_clocklock)(m, clock, t);
}
RACELAB_INTERCEPTOR int pthread_mutex_trylock(pthread_mutex_t* m) {
  return Visible() ? TryLock(m, RACELAB_CALLER) : REAL(pthread_mutex_trylock)(m);
}
RACELAB_INTERCEPTOR int pthread_mutex_unlock(pthread_mutex_t* m) {
  if (!Visible()) return REAL(pthread_mutex_unlock)(m);
  Mutex& mutex = execution.mutexes[Address(m)];
  if (mutex.owner == execution.current && mutex.depth > 1) {
    --mutex.depth;
    return 0;
  }
  UnlockMutex(Address(m), RACELAB_CALLER);
  return 0;
}
RACELAB_INTERCEPTOR int pthread_mutex_init(pthread_mutex_t* m, const pthread_mutexattr_t* attributes) {
  if (Live()) execution.mutexes[Address(m)] = {};
  return REAL(pthread_mutex_init)(m, attributes);
}
RACELAB_INTERCEPTOR int pthread_mutex_destroy(pthread_mutex_t* m) {
  if (!Visible()) return REAL(pthread_mutex_destroy)(m);
  if (execution.mutexes[Address(m)].owner >= 0) {
    execution.Fail(FailureKind::kMutexMisuse, "T%d destroys a mutex that is locked", execution.current);
  }
  return 0;
}

RACELAB_INTERCEPTOR int pthread_spin_lock(pthread_spinlock_t* lock) {
  if (!Visible()) return REAL(pthread_spin_lock)(lock);
  LockMutex(Address(lock), RACELAB_CALLER);
  return 0;
}
RACELAB_INTERCEPTOR int pthread_spin_trylock(pthread_spinlock_t* lock) {
  if (!Visible()) return REAL(pthread_spin_trylock)(lock);
  execution.Step(Make(Kind::kTryLock, true, lock, RACELAB_CALLER));
  if (execution.mutexes[Address(lock)].owner >= 0) return EBUSY;
  Own(Address(lock));
  return 0;
}
RACELAB_INTERCEPTOR int pthread_spin_unlock(pthread_spinlock_t* lock) {
  if (!Visible()) return REAL(pthread_spin_unlock)(lock);
  UnlockMutex(Address(lock), RACELAB_CALLER);
  return 0;
}

RACELAB_INTERCEPTOR int pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
  return Visible() ? LockShared(lock, RACELAB_CALLER) : REAL(pthread_rwlock_rdlock)(lock);
}
RACELAB_INTERCEPTOR int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) {
  return Visible() ? TryLockShared(lock, RACELAB_CALLER) : REAL(pthread_rwlock_tryrdlock)(lock);
}
RACELAB_INTERCEPTOR int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* t) {
  if (!Visible()) return REAL(pthread_rwlock_timedrdlock)(lock, t);
  const int result = TryLockShared(lock, RACELAB_CALLER);
  if (result != 0) AdvanceTo(t, false);
  return result == 0 ? 0 : ETIMEDOUT;
}
RACELAB_INTERCEPTOR int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* t) {
  if (!Visible()) return REAL(pthread_rwlock_clockrdlock)(lock, clock, t);
  const int result = TryLockShared(lock, RACELAB_CALLER);
  if (result != 0) AdvanceTo(t, clock == CLOCK_MONOTONIC);
  return result == 0 ? 0 : ETIMEDOUT;
}
RACELAB_INTERCEPTOR int pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
  if (!Visible()) return REAL(pthread_rwlock_wrlock)(lock);
  if (Owned(Address(lock))) return EDEADLK;
  LockMutex(Address(lock), RACELAB_CALLER);
  return 0;
}
RACELAB_INTERCEPTOR int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) {
  if (!Visible()) return REAL(pthread_rwlock_trywrlock)(lock);
  execution.Step(Make(Kind::kTryLock, true, lock, RACELAB_CALLER));
  const Mutex& mutex = execution.mutexes[Address(lock)];
  if (mutex.owner >= 0 || mutex.readers != 0) return EBUSY;
  Own(Address(lock));
  return 0;
}
RACELAB_INTERCEPTOR int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* t) {
  if (!Visible()) return REAL(pthread_rwlock_timedwrlock)(lock, t);
  const int result = pthread_rwlock_trywrlock(lock);
  if (result != 0) AdvanceTo(t, false);
  return result == 0 ? 0 : ETIMEDOUT;
}
RACELAB_INTERCEPTOR int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* t) {
  if (!Visible()) return REAL(pthread_rwlock_clockwrlock)(lock, clock, t);
  const int result = pthread_rwlock_trywrlock(lock);
  if (result != 0) AdvanceTo(t, clock == CLOCK_MONOTONIC);
  return result == 0 ? 0 : ETIMEDOUT;
}
RACELAB_INTERCEPTOR int pthread_rwlock_unlock(pthread_rwlock_t* lock) {
  return Visible() ? UnlockReadWrite(lock, RACELAB_CALLER) : REAL(pthread_rwlock_unlock)(lock);
}
RACELAB_INTERCEPTOR int pthread_rwlock_destroy(pthread_rwlock_t* lock) {
  if (!Visible()) return REAL(pthread_rwlock_destroy)(lock);
  const Mutex& mutex = execution.mutexes[Address(lock)];
  if (mutex.owner >= 0 || mutex.readers != 0) {
    execution.Fail(FailureKind::kMutexMisuse, "T%d destroys a lock that is held", execution.current);
  }
  return 0;
}
