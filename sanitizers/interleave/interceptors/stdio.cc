// The lock of a FILE, if the program itself takes it: a recursive mutex. The C library also takes it for each write; a
// thread that must wait there sleeps on the futex inside the lock.

#include <stdio.h>

#include "sanitizers/interleave/interceptors/interceptor.h"

using namespace racelab::interleave;

RACELAB_INTERCEPTOR void flockfile(FILE* file) noexcept {
  if (Live()) {
    Lock& mutex = execution.locks[Address(file)];
    if (mutex.owner == execution.current) {
      ++mutex.depth;
    } else {
      LockMutex(Address(file), RACELAB_CALLER);
    }
  }
  REAL(flockfile)(file);
}
RACELAB_INTERCEPTOR int ftrylockfile(FILE* file) noexcept {
  if (!Live()) return REAL(ftrylockfile)(file);
  if (execution.locks[Address(file)].owner == execution.current) {
    ++execution.locks[Address(file)].depth;
    return REAL(ftrylockfile)(file);
  }
  if (!TryLockMutex(Address(file), RACELAB_CALLER)) return -1;
  if (REAL(ftrylockfile)(file) == 0) return 0;
  UnlockMutex(Address(file), RACELAB_CALLER);
  return -1;
}
RACELAB_INTERCEPTOR void funlockfile(FILE* file) noexcept {
  if (Live()) {
    Lock& mutex = execution.locks[Address(file)];
    if (mutex.owner == execution.current && mutex.depth > 1) {
      --mutex.depth;
    } else {
      UnlockMutex(Address(file), RACELAB_CALLER);
    }
  }
  REAL(funlockfile)(file);
}
