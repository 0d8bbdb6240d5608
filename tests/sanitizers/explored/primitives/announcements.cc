// Programs that annotate themselves for race detectors, by the sanitizer's interface and by the older annotations.

#undef NDEBUG
#include <sanitizer/tsan_interface.h>

#include <atomic>
#include <cassert>
#include <cstddef>
#include <mutex>
#include <thread>

#include "tests/sanitizers/explored/primitives/primitives.h"

extern "C" {
void AnnotateBenignRaceSized(const char* file, int line, const volatile void* memory, std::size_t size,
                             const char* why);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
void AnnotateIgnoreSyncBegin(const char* file, int line);
void AnnotateIgnoreSyncEnd(const char* file, int line);
void AnnotateHappensBefore(const char* file, int line, void* object);
void AnnotateHappensAfter(const char* file, int line, void* object);
void AnnotateRWLockCreate(const char* file, int line, void* lock);
void AnnotateRWLockDestroy(const char* file, int line, void* lock);
void AnnotateRWLockAcquired(const char* file, int line, void* lock, long alone);
void AnnotateRWLockReleased(const char* file, int line, void* lock, long alone);
}

namespace racelab {
namespace {

#define HERE __FILE__, __LINE__

void WaitFor(std::atomic<int>& flag) {
  while (flag.load(std::memory_order_relaxed) == 0) {
  }
}

// Two variables in one granule; races on one of them are intended.
void RaceThatIsMeant(bool right) {
  struct alignas(8) {
    volatile int statistics = 0;
    int other = 0;
  } counters;
  AnnotateBenignRaceSized(HERE, &counters.statistics, sizeof counters.statistics, "a few may be lost");
  const auto count = [&] {
    counters.statistics = counters.statistics + 1;
    if (!right) ++counters.other;
  };
  Together(count, count);
  assert(counters.statistics == 1 || counters.statistics == 2);
}

// The accesses are steps all the same, so the consequences of the race are found.
void RaceThatIsMeantAndBites(bool right) {
  volatile int count = 0;
  AnnotateBenignRaceSized(HERE, &count, sizeof count, "a few may be lost");
  const auto increment = [&] { count = count + 1; };
  Together(increment, increment);
  if (!right) assert(count == 2);
}

// Between the two annotations, no access is reported; synchronisation still counts.
void IgnoredAccesses(bool right) {
  std::mutex mutex;
  int value = 0, ready = 0, ignored = 0;
  Together(
      [&] {
        value = 1;
        AnnotateIgnoreWritesBegin(HERE);
        ignored = 1;
        mutex.lock();
        ready = 1;
        mutex.unlock();
        AnnotateIgnoreWritesEnd(HERE);
        if (!right) value = 2;
      },
      [&] {
        for (bool done = false; !done;) {
          ignored = 2;
          const std::lock_guard lock(mutex);
          done = ready == 1;
        }
        assert(value >= 1);
      });
}

void IgnoredUntilTheEnd(bool right) {
  Together([right] {
    AnnotateIgnoreReadsBegin(HERE);
    if (right) AnnotateIgnoreReadsEnd(HERE);
  });
}

void IgnoredOrder(bool right) {
  int value = 0;
  std::atomic<bool> locked = false;
  const auto increment = [&](bool ignores) {
    if (ignores) AnnotateIgnoreSyncBegin(HERE);
    while (locked.exchange(true)) {
    }
    ++value;
    locked = false;
    if (ignores) AnnotateIgnoreSyncEnd(HERE);
  };
  Together([&] { increment(!right); }, [&] { increment(false); });
}

// Announced at an atomic whose operations order nothing.
void AnnouncedOrder(bool right) {
  int value = 0;
  std::atomic<int> ready = 0;
  Together(
      [&] {
        value = 1;
        AnnotateHappensBefore(HERE, &ready);
        ready.store(1, std::memory_order_relaxed);
      },
      [&] {
        WaitFor(ready);
        if (right) AnnotateHappensAfter(HERE, &ready);
        value = 2;
      });
}

// A lock with relaxed memory orders: only annotations say that it is a lock.
class ToldLock {
 public:
  ToldLock() { AnnotateRWLockCreate(HERE, this); }
  ~ToldLock() { AnnotateRWLockDestroy(HERE, this); }
  void Lock() {
    while (locked_.exchange(true, std::memory_order_relaxed)) {
    }
    AnnotateRWLockAcquired(HERE, this, 1);
  }
  void Unlock() {
    AnnotateRWLockReleased(HERE, this, 1);
    locked_.store(false, std::memory_order_relaxed);
  }

 private:
  std::atomic<bool> locked_ = false;
};

void ToldLockOrders(bool right) {
  ToldLock lock;
  int value = 0;
  Together(
      [&] {
        lock.Lock();
        ++value;
        lock.Unlock();
      },
      [&] {
        if (right) lock.Lock();
        ++value;
        if (right) lock.Unlock();
      });
}

void ToldLockIsDestroyed(bool right) {
  ToldLock lock;
  lock.Lock();
  if (right) lock.Unlock();
}

void ToldLockIsTakenTwice(bool right) {
  int lock = 0;
  AnnotateRWLockAcquired(HERE, &lock, 1);
  if (right) AnnotateRWLockReleased(HERE, &lock, 1);
  Together([&] {
    AnnotateRWLockAcquired(HERE, &lock, 1);
    AnnotateRWLockReleased(HERE, &lock, 1);
  });
  if (!right) AnnotateRWLockReleased(HERE, &lock, 1);
}

// Announced in the same way as Abseil's mutex, but its owner may take it again.
class AnnouncedLock {
 public:
  explicit AnnouncedLock(unsigned flags) { __tsan_mutex_create(this, flags); }
  ~AnnouncedLock() { __tsan_mutex_destroy(this, 0); }
  void Lock() {
    __tsan_mutex_pre_lock(this, 0);
    if (depth_ == 0 || owner_ != std::this_thread::get_id()) {
      while (locked_.exchange(true)) {
      }
    }
    owner_ = std::this_thread::get_id();
    ++depth_;
    __tsan_mutex_post_lock(this, 0, 0);
  }
  void Unlock() {
    __tsan_mutex_pre_unlock(this, 0);
    if (--depth_ == 0) locked_ = false;
    __tsan_mutex_post_unlock(this, 0);
  }

 private:
  std::atomic<bool> locked_ = false;
  std::thread::id owner_;
  int depth_ = 0;
};

void AnnouncedLockIsReentrant(bool right) {
  AnnouncedLock lock(__tsan_mutex_write_reentrant);
  int value = 0;
  const auto increment = [&](bool locks) {
    lock.Lock();
    if (locks) lock.Lock();
    ++value;
    if (locks) lock.Unlock();
    lock.Unlock();
    if (!right) ++value;
  };
  Together([&] { increment(true); }, [&] { increment(false); });
}

void AnnouncedLockIsDestroyed(bool right) {
  AnnouncedLock linked(__tsan_mutex_linker_init);
  linked.Lock();  // Such a mutex exists before its constructor and after its destructor.
  AnnouncedLock lock(0);
  lock.Lock();
  if (right) lock.Unlock();
}

}  // namespace

RightOrWrongPrograms Announcements() {
  static constexpr RightOrWrongProgram kPrimitives[] = {
      {"announced_lock_destroyed", AnnouncedLockIsDestroyed},
      {"announced_lock_reentrant", AnnouncedLockIsReentrant},
      {"announced_order", AnnouncedOrder},
      {"ignored_accesses", IgnoredAccesses},
      {"ignored_order", IgnoredOrder},
      {"ignored_until_the_end", IgnoredUntilTheEnd},
      {"race_that_is_meant", RaceThatIsMeant},
      {"race_that_is_meant_bites", RaceThatIsMeantAndBites},
      {"told_lock", ToldLockOrders},
      {"told_lock_destroyed", ToldLockIsDestroyed},
      {"told_lock_taken_twice", ToldLockIsTakenTwice},
  };
  return kPrimitives;
}

}  // namespace racelab
