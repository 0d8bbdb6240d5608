// Annotations for race detectors: intended races, accesses to ignore, orders, and the program's own locks. All other
// annotations say only what this runtime sees anyway.

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

void IgnoreAccesses(int change) {
  if (!Live()) return;
  int& depth = execution.me().ignoring_accesses;
  if (depth + change >= 0) depth += change;
}

void IgnoreOrder(int change) {
  if (!Live()) return;
  int& depth = execution.me().ignoring_order;
  if (depth + change >= 0) depth += change;
  execution.happens_before.IgnoreOrder(execution.current, depth > 0);
}

void ExpectRaces(const volatile void* memory, std::size_t size) {
  if (Visible() && size != 0) execution.ExpectRaces(Address(memory), size);
}

[[noreturn]] void Misuses(const char* what) {
  execution.Fail(FailureKind::kMutexMisuse, "T%d %s", execution.me().number, what);
}

// The program's own lock has been taken, or is about to be released. The runtime sees the lock's implementation and its
// waiters; the annotation adds that it is a lock.
void Acquired(std::uintptr_t address, bool alone) {
  Lock& lock = execution.locks[address];
  const int me = execution.current;
  if (alone && lock.owner == me) {
    ++lock.depth;
    return;
  }
  if (lock.owner >= 0 && !alone) Misuses("has come to share a mutex that is locked");
  if (lock.owner >= 0) Misuses("has locked a mutex that another thread has locked");
  execution.Know(lock, address);
  if (alone) {
    lock.Own(me);
    execution.happens_before.AcquireAll(me, address);
    AcquireAnnounced(address);
  } else {
    lock.readers |= Only(me);
    AcquireAnnounced(address);
  }
}

void Released(std::uintptr_t address, bool alone) {
  Lock& lock = execution.locks[address];
  const int me = execution.current;
  if (alone && lock.owner != me) Misuses("unlocks a mutex that it has not locked");
  if (!alone && lock.owner >= 0) Misuses("unlocks as shared a mutex that is locked");
  if (alone && lock.depth > 1) {
    --lock.depth;
  } else if (alone) {
    lock.LetGo();
    ReleaseAnnounced(address);
  } else {
    lock.readers &= ~Only(me);
    execution.happens_before.ReleaseShared(me, address);
  }
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR void __tsan_mutex_create(void* mutex, unsigned flags);
RACELAB_INTERCEPTOR void __tsan_mutex_destroy(void* mutex, unsigned flags);
RACELAB_INTERCEPTOR void __tsan_acquire(void* object);
RACELAB_INTERCEPTOR void __tsan_release(void* object);

RACELAB_INTERCEPTOR void AnnotateRWLockCreate(const char*, int, void* mutex) { __tsan_mutex_create(mutex, 0); }
RACELAB_INTERCEPTOR void AnnotateRWLockCreateStatic(const char*, int, void* mutex) { __tsan_mutex_create(mutex, 1); }
RACELAB_INTERCEPTOR void AnnotateRWLockDestroy(const char*, int, void* mutex) { __tsan_mutex_destroy(mutex, 0); }
RACELAB_INTERCEPTOR void AnnotateRWLockAcquired(const char*, int, const volatile void* mutex, std::uintptr_t alone) {
  if (!Visible()) return;
  execution.Touch(Address(mutex), RACELAB_CALLER);
  Acquired(Address(mutex), alone != 0);
}
RACELAB_INTERCEPTOR void AnnotateRWLockReleased(const char*, int, const volatile void* mutex, std::uintptr_t alone) {
  if (!Visible()) return;
  execution.Touch(Address(mutex), RACELAB_CALLER);
  Released(Address(mutex), alone != 0);
}

RACELAB_INTERCEPTOR void AnnotateIgnoreReadsBegin(const char*, int) { IgnoreAccesses(1); }
RACELAB_INTERCEPTOR void AnnotateIgnoreReadsEnd(const char*, int) { IgnoreAccesses(-1); }
RACELAB_INTERCEPTOR void AnnotateIgnoreWritesBegin(const char*, int) { IgnoreAccesses(1); }
RACELAB_INTERCEPTOR void AnnotateIgnoreWritesEnd(const char*, int) { IgnoreAccesses(-1); }
RACELAB_INTERCEPTOR void AnnotateIgnoreSyncBegin(const char*, int) { IgnoreOrder(1); }
RACELAB_INTERCEPTOR void AnnotateIgnoreSyncEnd(const char*, int) { IgnoreOrder(-1); }
RACELAB_INTERCEPTOR void __tsan_ignore_thread_begin() { IgnoreAccesses(1); }
RACELAB_INTERCEPTOR void __tsan_ignore_thread_end() { IgnoreAccesses(-1); }

RACELAB_INTERCEPTOR void AnnotateBenignRace(const char*, int, const volatile void* memory, const char*) {
  ExpectRaces(memory, 1);
}
RACELAB_INTERCEPTOR void AnnotateBenignRaceSized(const char*, int, const volatile void* memory, std::size_t size,
                                                 const char*) {
  ExpectRaces(memory, size);
}
RACELAB_INTERCEPTOR void WTFAnnotateBenignRaceSized(const char*, int, const volatile void* memory, std::size_t size,
                                                    const char*) {
  ExpectRaces(memory, size);
}
RACELAB_INTERCEPTOR void AnnotateExpectRace(const char*, int, const volatile void* memory, const char*) {
  ExpectRaces(memory, 1);
}
RACELAB_INTERCEPTOR void AnnotateHappensBefore(const char*, int, void* object) { __tsan_release(object); }
RACELAB_INTERCEPTOR void AnnotateHappensAfter(const char*, int, void* object) { __tsan_acquire(object); }

RACELAB_INTERCEPTOR void AnnotateCondVarSignal(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateCondVarSignalAll(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateCondVarWait(const char*, int, const volatile void*, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateFlushExpectedRaces(const char*, int) {}
RACELAB_INTERCEPTOR void AnnotateFlushState(const char*, int) {}
RACELAB_INTERCEPTOR void AnnotateMemoryIsUninitialized(const char*, int, const volatile void*, std::size_t) {}
RACELAB_INTERCEPTOR void AnnotateMutexIsNotPHB(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateMutexIsUsedAsCondVar(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateNoOp(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotatePCQCreate(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotatePCQDestroy(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotatePCQGet(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotatePCQPut(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotatePublishMemoryRange(const char*, int, const volatile void*, std::size_t) {}
RACELAB_INTERCEPTOR void AnnotateTraceMemory(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateUnpublishMemoryRange(const char*, int, const volatile void*, std::size_t) {}
RACELAB_INTERCEPTOR const char* ThreadSanitizerQuery(const char*) { return "0"; }

// The memory counts as new, regardless of earlier accesses.
RACELAB_INTERCEPTOR void AnnotateNewMemory(const char*, int, const volatile void* memory, std::size_t bytes) {
  if (Live()) execution.happens_before.Reuse(Address(memory), bytes);
}
RACELAB_INTERCEPTOR void WTFAnnotateHappensBefore(const char*, int, const volatile void* object) {
  if (Live()) ReleaseAnnounced(Address(object));
}
RACELAB_INTERCEPTOR void WTFAnnotateHappensAfter(const char*, int, const volatile void* object) {
  if (Live()) AcquireAnnounced(Address(object));
}
