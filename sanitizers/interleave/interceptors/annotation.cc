// Announcements of libraries that are instrumented by hand (Abseil's locks): an announced operation is a step; how the
// library brings it about is hidden.

#include <cstddef>

#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

// From the sanitizer's public interface, tsan_interface.h.
constexpr unsigned kReadLock = 1 << 3, kTryLock = 1 << 4, kTryLockFailed = 1 << 5;

// Abseil evaluates the conditions of waiting threads while it locks or unlocks, and announces that as unlocking and
// locking anew: calls from deeper in the call stack than where the operation began. The mutex stays locked all the
// time.
bool WithinAnnounced() {
  return execution.me().announcing > 0 && execution.me().stack_depth > execution.me().announcing;
}

void BeginAnnounced(std::uintptr_t mutex, bool locks) {
  Thread& thread = execution.me();
  thread.announcing = thread.stack_depth > 0 ? thread.stack_depth : 1;
  thread.announces_lock = locks;
  thread.announced = mutex;
  ++thread.ignoring;
}

void EndAnnounced() {
  execution.me().announcing = 0;
  --execution.me().ignoring;
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR void __tsan_mutex_create(void*, unsigned) {}
RACELAB_INTERCEPTOR void __tsan_mutex_destroy(void*, unsigned) {}

RACELAB_INTERCEPTOR void __tsan_mutex_pre_lock(void* mutex, unsigned flags) {
  if (!Live()) return;
  if (WithinAnnounced()) {
    ++execution.me().ignoring;
    return;
  }
  const bool shared = flags & kReadLock;
  const Kind kind = flags & kTryLock ? (shared ? Kind::kTryLockShared : Kind::kTryLock)
                    : shared         ? Kind::kLockShared
                                     : Kind::kLock;
  if (Visible()) {
    execution.Step(OnLock(kind, Address(mutex), RACELAB_CALLER));
    execution.Touch(Address(mutex), RACELAB_CALLER);
  }
  BeginAnnounced(Address(mutex), true);
}
RACELAB_INTERCEPTOR void __tsan_mutex_post_lock(void* object, unsigned flags, int) {
  if (!Live()) return;
  const std::uintptr_t address = Address(object);
  if (WithinAnnounced()) {
    --execution.me().ignoring;
    execution.happens_before.AcquireAll(execution.current, address);
    return;
  }
  EndAnnounced();
  if (flags & kTryLockFailed) return;
  Lock& mutex = execution.locks[address];
  if (flags & kReadLock) {
    mutex.readers |= Only(execution.current);
    execution.happens_before.Acquire(execution.current, address);
  } else {
    mutex.Own(execution.current);
    execution.happens_before.AcquireAll(execution.current, address);
  }
  execution.Hold(address);
}
RACELAB_INTERCEPTOR int __tsan_mutex_pre_unlock(void* object, unsigned flags) {
  if (!Live()) return 0;
  const std::uintptr_t address = Address(object);
  const bool shared = flags & kReadLock;
  if (WithinAnnounced()) {
    execution.happens_before.Release(execution.current, address);
    ++execution.me().ignoring;
    return 0;
  }
  // It may be the beginning of a wait on a condition variable, which is not announced.
  Operation unlock = OnLock(shared ? Kind::kUnlockShared : Kind::kUnlock, address, RACELAB_CALLER);
  unlock.reads |= kAnnounced;
  if (Visible()) {
    execution.Step(unlock);
    execution.Touch(address, RACELAB_CALLER);
  }
  Lock& mutex = execution.locks[address];
  if (shared) {
    mutex.readers &= ~Only(execution.current);
    execution.happens_before.ReleaseShared(execution.current, address);
  } else {
    if (mutex.owner != execution.current) {
      execution.Fail(FailureKind::kMutexMisuse, "T%d unlocks a mutex that it has not locked", execution.me().number);
    }
    mutex.LetGo();
    execution.happens_before.Release(execution.current, address);
  }
  execution.LetGo(address);
  BeginAnnounced(address, false);
  return 0;
}
RACELAB_INTERCEPTOR void __tsan_mutex_post_unlock(void*, unsigned) {
  if (!Live()) return;
  if (WithinAnnounced()) {
    --execution.me().ignoring;
  } else {
    EndAnnounced();
  }
}
RACELAB_INTERCEPTOR void __tsan_mutex_pre_signal(void* object, unsigned) {
  if (!Live()) return;
  Operation notify = Make(Kind::kNotify, false, object, RACELAB_CALLER, 0);
  notify.reads = 0;
  notify.changes = kAnnounced;
  if (Visible()) execution.Step(notify);
  ++execution.me().ignoring;
}
RACELAB_INTERCEPTOR void __tsan_mutex_post_signal(void*, unsigned) {
  if (Live()) --execution.me().ignoring;
}
// How an announced operation waits and wakes is part of it.
RACELAB_INTERCEPTOR void __tsan_mutex_pre_divert(void*, unsigned) {}
RACELAB_INTERCEPTOR void __tsan_mutex_post_divert(void*, unsigned) {}

RACELAB_INTERCEPTOR void __tsan_acquire(void* object) {
  if (Live()) execution.happens_before.Acquire(execution.current, Address(object));
}
RACELAB_INTERCEPTOR void __tsan_release(void* object) {
  if (Live()) execution.happens_before.Release(execution.current, Address(object));
}
RACELAB_INTERCEPTOR void AnnotateHappensBefore(const char*, int, void* object) { __tsan_release(object); }
RACELAB_INTERCEPTOR void AnnotateHappensAfter(const char*, int, void* object) { __tsan_acquire(object); }

RACELAB_INTERCEPTOR void AnnotateIgnoreReadsBegin(const char*, int) {
  if (Live()) ++execution.me().ignoring;
}
RACELAB_INTERCEPTOR void AnnotateIgnoreReadsEnd(const char*, int) {
  if (Live()) --execution.me().ignoring;
}
RACELAB_INTERCEPTOR void AnnotateIgnoreWritesBegin(const char*, int) {
  if (Live()) ++execution.me().ignoring;
}
RACELAB_INTERCEPTOR void AnnotateIgnoreWritesEnd(const char*, int) {
  if (Live()) --execution.me().ignoring;
}
RACELAB_INTERCEPTOR void AnnotateIgnoreSyncBegin(const char*, int) {}
RACELAB_INTERCEPTOR void AnnotateIgnoreSyncEnd(const char*, int) {}
RACELAB_INTERCEPTOR void AnnotateBenignRace(const char*, int, const volatile void*, const char*) {}
RACELAB_INTERCEPTOR void AnnotateBenignRaceSized(const char*, int, const volatile void*, std::size_t, const char*) {}
RACELAB_INTERCEPTOR void AnnotateRWLockCreate(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateRWLockCreateStatic(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateRWLockDestroy(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateRWLockAcquired(const char*, int, const volatile void*, std::uintptr_t) {}
RACELAB_INTERCEPTOR void AnnotateRWLockReleased(const char*, int, const volatile void*, std::uintptr_t) {}
RACELAB_INTERCEPTOR void AnnotateEnableRaceDetection(const char*, int, int) {}
RACELAB_INTERCEPTOR void AnnotateMemoryIsInitialized(const char*, int, const volatile void*, std::size_t) {}
RACELAB_INTERCEPTOR void AnnotateThreadName(const char*, int, const char*) {}
RACELAB_INTERCEPTOR int RunningOnValgrind() { return 0; }
RACELAB_INTERCEPTOR double ValgrindSlowdown() { return 1; }
RACELAB_INTERCEPTOR void* __tsan_external_register_tag(const char*) { return nullptr; }
RACELAB_INTERCEPTOR void __tsan_external_assign_tag(void*, void*) {}
RACELAB_INTERCEPTOR void __tsan_external_read(void*, void*, void*) {}
RACELAB_INTERCEPTOR void __tsan_external_write(void*, void*, void*) {}
