// Announcements of a Java virtual machine: its heap, and its locks, after they are taken and before they are released.

#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

void LockObject(std::uintptr_t object, int levels, const void* pc) {
  if (!Live()) return;
  Lock& mutex = execution.locks[object];
  if (mutex.owner == execution.current) {
    mutex.depth = static_cast<std::uint16_t>(mutex.depth + levels);
    return;
  }
  LockMutex(object, pc);
  execution.locks[object].depth = static_cast<std::uint16_t>(levels);
}

// Releases this many levels, or all if `levels` is 0. Returns the number of released levels.
int UnlockObject(std::uintptr_t object, int levels, const void* pc) {
  if (!Live()) return 0;
  Lock& mutex = execution.locks[object];
  const int depth = mutex.depth;
  if (levels != 0 && depth > levels) {
    mutex.depth = static_cast<std::uint16_t>(depth - levels);
    return levels;
  }
  UnlockMutex(object, pc);
  return depth;
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;
using Jptr = unsigned long;

RACELAB_INTERCEPTOR void __tsan_java_init(Jptr, Jptr) {}
RACELAB_INTERCEPTOR int __tsan_java_fini() { return 0; }
RACELAB_INTERCEPTOR void __tsan_java_alloc(Jptr object, Jptr bytes) {
  if (Live()) execution.happens_before.Reuse(object, bytes);
}
RACELAB_INTERCEPTOR void __tsan_java_free(Jptr object, Jptr bytes) {
  if (Live()) execution.happens_before.Reuse(object, bytes);
}
RACELAB_INTERCEPTOR void __tsan_java_move(Jptr from, Jptr to, Jptr bytes) {
  if (!Live()) return;
  execution.happens_before.Reuse(from, bytes);
  execution.happens_before.Reuse(to, bytes);
}
RACELAB_INTERCEPTOR Jptr __tsan_java_find(Jptr*, Jptr) { return 0; }
RACELAB_INTERCEPTOR void __tsan_java_finalize() {
  if (Live()) execution.happens_before.AcquireAllThreads(execution.current);
}
RACELAB_INTERCEPTOR void __tsan_java_mutex_lock(Jptr object) { LockObject(object, 1, RACELAB_CALLER); }
RACELAB_INTERCEPTOR void __tsan_java_mutex_unlock(Jptr object) { UnlockObject(object, 1, RACELAB_CALLER); }
RACELAB_INTERCEPTOR void __tsan_java_mutex_lock_rec(Jptr object, int levels) {
  LockObject(object, levels, RACELAB_CALLER);
}
RACELAB_INTERCEPTOR int __tsan_java_mutex_unlock_rec(Jptr object) { return UnlockObject(object, 0, RACELAB_CALLER); }
RACELAB_INTERCEPTOR void __tsan_java_mutex_read_lock(Jptr object) {
  if (!Live()) return;
  execution.Step(OnLock(Kind::kLockShared, object, RACELAB_CALLER));
  execution.locks[object].readers |= Only(execution.current);
  execution.happens_before.Acquire(execution.current, object);
}
RACELAB_INTERCEPTOR void __tsan_java_mutex_read_unlock(Jptr object) {
  if (!Live()) return;
  execution.Step(OnLock(Kind::kUnlockShared, object, RACELAB_CALLER));
  execution.locks[object].readers &= ~Only(execution.current);
  execution.happens_before.ReleaseShared(execution.current, object);
}
RACELAB_INTERCEPTOR void __tsan_java_acquire(Jptr object) {
  if (Live()) AcquireAnnounced(object);
}
RACELAB_INTERCEPTOR void __tsan_java_release(Jptr object) {
  if (Live()) ReleaseAnnounced(object);
}
RACELAB_INTERCEPTOR void __tsan_java_release_store(Jptr object) { __tsan_java_release(object); }
