// Primitives that let in one thread at a time, or only once.

#undef NDEBUG
#include <errno.h>
#include <pthread.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <mutex>
#include <shared_mutex>

#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

void Mutex(bool right) {
  std::mutex mutex;
  int count = 0;
  const auto add = [&] {
    if (right) mutex.lock();
    ++count;
    if (right) mutex.unlock();
  };
  Together(add, add);
  assert(count == 2);
}

void RecursiveMutex(bool right) {
  std::recursive_mutex mutex;
  std::mutex plain;
  const auto twice = [&] {
    if (right) {
      std::lock_guard outer(mutex);
      std::lock_guard inner(mutex);
    } else {
      std::lock_guard outer(plain);
      plain.lock();  // By the thread that already holds it.
    }
  };
  Together(twice, twice);
}

void TimedMutex(bool right) {
  std::timed_mutex mutex;
  int count = 0;
  const auto add = [&] {
    const bool got = mutex.try_lock_for(std::chrono::milliseconds(10));
    if (got || !right) ++count;
    if (got) mutex.unlock();
  };
  Together(add, add);
}

void SharedMutex(bool right) {
  std::shared_mutex mutex;
  int value = 0;
  const auto read = [&] {
    std::shared_lock lock(mutex);
    const int seen = value;
    assert(seen == 0 || seen == 1);
    if (!right) ++value;  // Under a reader's lock only.
  };
  Together(read, read, [&] {
    std::unique_lock lock(mutex);
    value = 1;
  });
}

void TryLock(bool right) {
  std::mutex mutex;
  std::atomic<int> got = 0;
  const auto attempt = [&] {
    if (!mutex.try_lock()) return;
    ++got;
    mutex.unlock();
  };
  Together(attempt, attempt);
  assert(got >= 1);
  if (!right) assert(got == 2);
}

void Once(bool right) {
  std::once_flag flag;
  int made = 0;
  std::atomic<int> made_twice = 0;
  const auto use = [&] {
    if (right) {
      std::call_once(flag, [&] { ++made; });
      assert(made == 1);
    } else if (made_twice == 0) {
      ++made_twice;
      assert(made_twice == 1);
    }
  };
  Together(use, use);
}

int Make(int& made) { return ++made; }

void StaticLocal(bool right) {
  int made = 0;
  const auto use = [&] {
    if (right) {
      static int value = Make(made);
      assert(value == 1);
    } else {
      ++made;
    }
  };
  Together(use, use);
  assert(made == (right ? 1 : 2));
}

void SpinLock(bool right) {
  std::atomic_flag flag = ATOMIC_FLAG_INIT;
  int count = 0;
  const auto add = [&] {
    while (right && flag.test_and_set(std::memory_order_acquire)) {
    }
    ++count;
    if (right) flag.clear(std::memory_order_release);
  };
  Together(add, add);
  assert(count == 2);
}

void PosixSpinLock(bool right) {
  pthread_spinlock_t lock;
  pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  int count = 0;
  const auto add = [&] {
    if (right) pthread_spin_lock(&lock);
    ++count;
    if (right) pthread_spin_unlock(&lock);
  };
  Together(add, add);
}

// POSIX lets a thread take a read lock twice. A lock that prefers writers makes the second one wait for a writer, which
// waits for the thread.
void ReadLockTwice(bool right) {
  pthread_rwlockattr_t attributes;
  pthread_rwlockattr_init(&attributes);
  if (!right) pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
  static pthread_rwlock_t lock;
  pthread_rwlock_init(&lock, &attributes);
  Together(
      [] {
        pthread_rwlock_wrlock(&lock);
        pthread_rwlock_unlock(&lock);
      },
      [] {
        pthread_rwlock_rdlock(&lock);
        pthread_rwlock_rdlock(&lock);
        pthread_rwlock_unlock(&lock);
        pthread_rwlock_unlock(&lock);
      });
}

// A writer that only tries may also come before a reader.
void TryWriteLock(bool right) {
  std::shared_mutex mutex;
  int value = 0, seen = 0;
  Together(
      [&] {
        const std::shared_lock lock(mutex);
        seen = value;
      },
      [&] {
        if (!mutex.try_lock()) return;
        value = 1;
        mutex.unlock();
      });
  assert(right || seen == 0);
}

// The owner ends: the next one gets EOWNERDEAD.
void RobustMutex(bool right) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  if (right) pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  static pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, &attributes);
  Together([] { pthread_mutex_lock(&mutex); });
  assert(pthread_mutex_lock(&mutex) == EOWNERDEAD);
  pthread_mutex_consistent(&mutex);
  pthread_mutex_unlock(&mutex);
}

// A thread that holds a robust mutex has not ended yet when another one tries to lock it, or gives up waiting for it.
void RobustMutexTried(bool right) {
  static pthread_mutex_t mutex;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&mutex, &attributes);
  std::thread owner([] { pthread_mutex_lock(&mutex); });
  const int result = pthread_mutex_trylock(&mutex);
  assert(result == 0 || result == EOWNERDEAD || (right && result == EBUSY));
  if (result == EOWNERDEAD) pthread_mutex_consistent(&mutex);
  if (result != EBUSY) pthread_mutex_unlock(&mutex);
  owner.join();
}

// If the function throws, the call does not count.
void OnceThrows(bool right) {
  std::once_flag flag;
  int attempts = 0;
  const auto attempt = [&] {
    try {
      std::call_once(flag, [&] {
        if (++attempts == 1) throw 1;
      });
    } catch (int) {
    }
  };
  Together(attempt, attempt);
  attempt();
  assert(attempts == (right ? 2 : 1));
}

}  // namespace

RightOrWrongPrograms Locks() {
  static constexpr RightOrWrongProgram kPrimitives[] = {
      {"mutex", Mutex},
      {"recursive_mutex", RecursiveMutex},
      {"timed_mutex", TimedMutex},
      {"shared_mutex", SharedMutex},
      {"try_lock", TryLock},
      {"once", Once},
      {"static_local", StaticLocal},
      {"spin_lock", SpinLock},
      {"posix_spin_lock", PosixSpinLock},
      {"read_lock_twice", ReadLockTwice},
      {"try_write_lock", TryWriteLock},
      {"robust_mutex", RobustMutex},
      {"robust_mutex_tried", RobustMutexTried},
      {"once_throws", OnceThrows},
  };
  return kPrimitives;
}

}  // namespace racelab
