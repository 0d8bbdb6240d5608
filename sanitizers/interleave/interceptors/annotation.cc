// Announcements of libraries that are annotated by hand (Abseil's locks): an announced operation is a step, and the
// library's implementation of it is hidden.

#include <cstddef>

#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

// From the sanitizer's public interface, tsan_interface.h.
constexpr unsigned kLinkerInitialized = 1 << 0, kWriteReentrant = 1 << 1, kReadLock = 1 << 3, kTryLock = 1 << 4,
                   kTryLockFailed = 1 << 5, kRecursiveLock = 1 << 6, kRecursiveUnlock = 1 << 7, kNotStatic = 1 << 8;

// While Abseil locks or unlocks, it evaluates the conditions of waiting threads, and announces this as unlocking and
// locking again, although the mutex stays locked. Such calls come from deeper in the call stack than the start of the
// operation.
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

void NoteFlags(Lock& lock, unsigned flags) {
  lock.reentrant |= (flags & kWriteReentrant) != 0;
  lock.lives_always |= (flags & kLinkerInitialized) != 0;
  lock.not_static |= (flags & kNotStatic) != 0;
}

bool TakesAgain(const Lock& lock, unsigned flags) {
  return lock.owner == execution.current && (flags & kReadLock) == 0 &&
         (lock.reentrant || (flags & kWriteReentrant) != 0);
}

void Create(std::uintptr_t address, unsigned flags, const void* pc) {
  if ((flags & kLinkerInitialized) == 0) {
    execution.locks[address] = {};
    BeginObject(address, pc);
  }
  NoteFlags(execution.locks[address], flags);
}

// A mutex that is initialised by the linker exists before its constructor and after its destructor.
void Destroy(std::uintptr_t address, unsigned flags, const void* pc) {
  Lock& lock = execution.locks[address];
  NoteFlags(lock, flags & kLinkerInitialized);
  if (lock.lives_always || ((flags & kNotStatic) != 0 && !lock.not_static)) return;
  if (lock.IsHeld()) {
    execution.Fail(FailureKind::kMutexMisuse, "T%d destroys a mutex that is locked", execution.me().number);
  }
  execution.Plain(address, 1, true, pc);
  lock = {};
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR void __tsan_mutex_create(void* mutex, unsigned flags) {
  if (Visible()) Create(Address(mutex), flags, RACELAB_CALLER);
}
RACELAB_INTERCEPTOR void __tsan_mutex_destroy(void* mutex, unsigned flags) {
  if (Visible()) Destroy(Address(mutex), flags, RACELAB_CALLER);
}

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
  if (Visible() && !TakesAgain(execution.locks[Address(mutex)], flags)) {
    execution.Step(OnLock(kind, Address(mutex), RACELAB_CALLER));
    execution.Touch(Address(mutex), RACELAB_CALLER);
  }
  BeginAnnounced(Address(mutex), true);
}
RACELAB_INTERCEPTOR void __tsan_mutex_post_lock(void* object, unsigned flags, int recursion) {
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
  NoteFlags(mutex, flags);
  const int levels = (flags & kRecursiveLock) != 0 && recursion > 0 ? recursion : 1;
  if (TakesAgain(mutex, flags)) {
    mutex.depth = static_cast<std::uint16_t>(mutex.depth + levels);
    return;
  }
  if (flags & kReadLock) {
    mutex.readers |= Only(execution.current);
    execution.happens_before.Acquire(execution.current, address);
  } else {
    mutex.Own(execution.current);
    mutex.depth = static_cast<std::uint16_t>(levels);
    execution.happens_before.AcquireAll(execution.current, address);
  }
  execution.Hold(address);
}
// Returns how many levels of a recursive lock were released.
RACELAB_INTERCEPTOR int __tsan_mutex_pre_unlock(void* object, unsigned flags) {
  if (!Live()) return 0;
  const std::uintptr_t address = Address(object);
  const bool shared = flags & kReadLock;
  if (WithinAnnounced()) {
    execution.happens_before.Release(execution.current, address);
    ++execution.me().ignoring;
    return 0;
  }
  Lock& mutex = execution.locks[address];
  const int levels = !shared && (flags & kRecursiveUnlock) != 0 ? mutex.depth : 1;
  if (!shared && mutex.owner == execution.current && mutex.depth > levels) {
    mutex.depth = static_cast<std::uint16_t>(mutex.depth - levels);
    BeginAnnounced(address, false);
    return levels;
  }
  // This may be the beginning of a wait on a condition variable, which is not announced.
  Operation unlock = OnLock(shared ? Kind::kUnlockShared : Kind::kUnlock, address, RACELAB_CALLER);
  unlock.reads |= kAnnounced;
  if (Visible()) {
    execution.Step(unlock);
    execution.Touch(address, RACELAB_CALLER);
  }
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
  return levels;
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
// How an announced operation waits and wakes is part of the operation.
RACELAB_INTERCEPTOR void __tsan_mutex_pre_divert(void*, unsigned) {}
RACELAB_INTERCEPTOR void __tsan_mutex_post_divert(void*, unsigned) {}

RACELAB_INTERCEPTOR void __tsan_acquire(void* object) {
  if (Live()) AcquireAnnounced(Address(object));
}
RACELAB_INTERCEPTOR void __tsan_release(void* object) {
  if (Live()) ReleaseAnnounced(Address(object));
}
RACELAB_INTERCEPTOR void AnnotateEnableRaceDetection(const char*, int, int) {}
RACELAB_INTERCEPTOR void AnnotateMemoryIsInitialized(const char*, int, const volatile void*, std::size_t) {}
RACELAB_INTERCEPTOR void AnnotateThreadName(const char*, int, const char*) {}
RACELAB_INTERCEPTOR int RunningOnValgrind() { return 0; }
RACELAB_INTERCEPTOR double ValgrindSlowdown() { return 1; }
RACELAB_INTERCEPTOR void* __tsan_external_register_tag(const char*) { return nullptr; }
RACELAB_INTERCEPTOR void __tsan_external_assign_tag(void*, void*) {}
RACELAB_INTERCEPTOR void __tsan_external_read(void*, void*, void*) {}
RACELAB_INTERCEPTOR void __tsan_external_write(void*, void*, void*) {}
