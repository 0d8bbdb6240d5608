// Primitives at which threads wait for others.

#undef NDEBUG
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <stdexcept>

#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

void ConditionVariable(bool right) {
  std::mutex mutex;
  std::condition_variable condition;
  bool ready = false;
  Together(
      [&] {
        std::unique_lock lock(mutex);
        if (right) {
          condition.wait(lock, [&] { return ready; });
        } else {
          condition.wait(lock);
        }
      },
      [&] {
        {
          std::lock_guard lock(mutex);
          ready = true;
        }
        condition.notify_one();
      });
}

void TimedWait(bool right) {
  std::mutex mutex;
  std::condition_variable condition;
  bool ready = false;
  Together(
      [&] {
        std::unique_lock lock(mutex);
        const bool seen = condition.wait_for(lock, std::chrono::seconds(1), [&] { return ready; });
        assert(seen || !ready);
        if (!right) assert(seen);  // The wait may have timed out.
      },
      [&] {
        std::lock_guard lock(mutex);
        ready = true;
        condition.notify_all();
      });
}

void Semaphore(bool right) {
  std::counting_semaphore<2> semaphore(right ? 1 : 2);
  int count = 0;
  const auto add = [&] {
    semaphore.acquire();
    ++count;
    semaphore.release();
  };
  Together(add, add);
}

void PosixSemaphore(bool right) {
  sem_t semaphore;
  sem_init(&semaphore, 0, 0);
  int value = 0;
  Together(
      [&] {
        sem_wait(&semaphore);
        assert(value == 1);
      },
      [&] {
        if (!right) sem_post(&semaphore);
        value = 1;
        if (right) sem_post(&semaphore);
      });
}

void Barrier(bool right) {
  std::barrier barrier(2);
  int first = 0, second = 0;
  Together(
      [&] {
        first = 1;
        if (right) barrier.arrive_and_wait();
        assert(second == 1);
      },
      [&] {
        second = 1;
        if (right) barrier.arrive_and_wait();
        assert(first == 1);
      });
}

void PosixBarrier(bool right) {
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, nullptr, right ? 2 : 3);  // If 3, only two threads come.
  int value = 0;
  Together(
      [&] {
        value = 1;
        pthread_barrier_wait(&barrier);
      },
      [&] {
        pthread_barrier_wait(&barrier);
        assert(value == 1);
      });
}

void Latch(bool right) {
  std::latch latch(1);
  int value = 0;
  Together(
      [&] {
        if (!right) latch.count_down();
        value = 1;
        if (right) latch.count_down();
      },
      [&] {
        latch.wait();
        assert(value == 1);
      });
}

void Future(bool right) {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  int value = 0;
  Together(
      [&] {
        if (right) value = 1;
        promise.set_value(1);
        if (!right) value = 1;
      },
      [&] {
        assert(future.get() == 1);
        assert(value == 1);
      });
}

void Async(bool right) {
  std::future<int> future = std::async(std::launch::async, [right]() -> int {
    if (!right) throw std::runtime_error("no");
    return 1;
  });
  assert(future.get() == 1);
}

// A wake finds only the sleepers with which it has a bit in common.
void FutexBits(bool right) {
  std::atomic<int> word = 0;
  const auto call = [&word](int operation, int value, int bits) {
    return syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, bits);
  };
  Together(
      [&] {
        while (word == 0) call(FUTEX_WAIT_BITSET, 0, 2);
      },
      [&] {
        assert(call(FUTEX_WAKE_BITSET, 1, 0) == -1);
        word = 1;
        call(FUTEX_WAKE_BITSET, 1, right ? 2 : 4);
      });
}

}  // namespace

RightOrWrongPrograms Waits() {
  static constexpr RightOrWrongProgram kPrimitives[] = {
      {"condition_variable", ConditionVariable},
      {"timed_wait", TimedWait},
      {"semaphore", Semaphore},
      {"posix_semaphore", PosixSemaphore},
      {"barrier", Barrier},
      {"posix_barrier", PosixBarrier},
      {"latch", Latch},
      {"future", Future},
      {"futex_bits", FutexBits},
      {"async", Async},
  };
  return kPrimitives;
}

}  // namespace racelab
