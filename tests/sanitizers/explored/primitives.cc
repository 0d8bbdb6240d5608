// For each primitive that the second runtime models, a program that is right and one that is wrong:
//   primitives right mutex
// A wrong one fails an assertion, hangs or races in at least one interleaving.

#undef NDEBUG
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <cassert>
#include <condition_variable>
#include <cstdio>
#include <future>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

namespace {

template <typename... Functions>
void Together(Functions... functions) {
  std::thread threads[] = {std::thread(functions)...};
  for (std::thread& thread : threads) thread.join();
}

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
      plain.lock();  // By the thread that holds it.
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
    if (!right) ++value;  // Under a reader's lock.
  };
  Together(read, read, [&] {
    std::unique_lock lock(mutex);
    value = 1;
  });
}

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
        if (!right) assert(seen);  // It may have timed out.
      },
      [&] {
        std::lock_guard lock(mutex);
        ready = true;
        condition.notify_all();
      });
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
  pthread_barrier_init(&barrier, nullptr, right ? 2 : 3);  // Of three, two come.
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

void AtomicWait(bool right) {
  std::atomic<int> value = 0;
  Together([&] { value.wait(0); },
           [&] {
             value.store(1);
             if (right) value.notify_one();
           });
}

void Spin(bool right) {
  std::atomic<bool> ready = false;
  Together(
      [&] {
        while (!ready.load()) {
        }
      },
      [&] {
        if (right) ready.store(true);
      });
}

void SpinWithYield(bool right) {
  std::atomic<bool> ready = false;
  int value = 0;
  Together(
      [&] {
        while (!ready.load(right ? std::memory_order_acquire : std::memory_order_relaxed)) std::this_thread::yield();
        assert(value == 1);
      },
      [&] {
        value = 1;
        ready.store(true, std::memory_order_release);
      });
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

// Relaxed accesses publish nothing, fences do.
void Fence(bool right) {
  std::atomic<bool> ready = false;
  int value = 0;
  Together(
      [&] {
        value = 1;
        if (right) std::atomic_thread_fence(std::memory_order_release);
        ready.store(true, std::memory_order_relaxed);
      },
      [&] {
        if (!ready.load(std::memory_order_relaxed)) return;
        std::atomic_thread_fence(std::memory_order_acquire);
        assert(value == 1);
      });
}

void SharedPointer(bool right) {
  auto shared = std::make_shared<int>(1);
  std::shared_ptr<int> copies[2];
  Together([&] { copies[0] = shared; },
           [&, right] {
             if (right) {
               copies[1] = shared;
             } else {
               shared.reset();  // The object that the other copies.
             }
           });
}

void ThreadLocal(bool right) {
  static thread_local int own = 0;
  static int common = 0;
  const auto add = [&] {
    ++(right ? own : common);
    assert((right ? own : common) == 1);
  };
  Together(add, add);
}

void Detach(bool right) {
  static std::atomic<bool> done;
  done = false;
  std::thread([] { done = true; }).detach();
  while (right && !done) {
  }
  assert(done);
}

void Exception(bool right) {
  Together([right] {
    try {
      throw std::runtime_error("thrown");
    } catch (const std::logic_error&) {
    } catch (const std::runtime_error&) {
      if (!right) throw;
    }
  });
}

void AbslMutex(bool right) ABSL_NO_THREAD_SAFETY_ANALYSIS {
  absl::Mutex mutex;
  int count = 0;
  const auto add = [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (right) mutex.Lock();
    ++count;
    if (right) mutex.Unlock();
  };
  Together(add, add);
  assert(count == 2);
}

void AbslDeadlock(bool right) {
  absl::Mutex a, b;
  Together(
      [&] {
        absl::MutexLock first(&a);
        absl::MutexLock second(&b);
      },
      [&] {
        absl::MutexLock first(right ? &a : &b);
        absl::MutexLock second(right ? &b : &a);
      });
}

void AbslReaders(bool right) {
  absl::Mutex mutex;
  int value = 0;
  const auto read = [&] {
    absl::ReaderMutexLock lock(&mutex);
    if (!right) ++value;
    assert(value >= 0);
  };
  Together(read, read);
}

void AbslAwait(bool right) {
  absl::Mutex mutex;
  bool ready = false;
  Together(
      [&] {
        absl::MutexLock lock(&mutex);
        mutex.Await(absl::Condition(&ready));
        assert(ready);
      },
      [&] {
        absl::MutexLock lock(&mutex);
        ready = right;
      });
}

void AbslCondVar(bool right) {
  absl::Mutex mutex;
  absl::CondVar condition;
  bool ready = false;
  Together(
      [&] {
        absl::MutexLock lock(&mutex);
        if (!right) condition.Wait(&mutex);
        while (!ready) condition.Wait(&mutex);
      },
      [&] {
        absl::MutexLock lock(&mutex);
        ready = true;
        condition.Signal();
      });
}

void AbslNotification(bool right) {
  absl::Notification notification;
  int value = 0;
  Together(
      [&] {
        if (right) value = 1;
        notification.Notify();
        if (!right) value = 1;
      },
      [&] {
        notification.WaitForNotification();
        assert(value == 1);
      });
}

void AbslBlockingCounter(bool right) {
  absl::BlockingCounter counter(right ? 1 : 2);  // Of two, one comes.
  int value = 0;
  Together(
      [&] {
        value = 1;
        counter.DecrementCount();
      },
      [&] {
        counter.Wait();
        assert(value == 1);
      });
}

void AbslBarrier(bool right) {
  auto* barrier = new absl::Barrier(2);
  int first = 0, second = 0;
  Together(
      [&] {
        first = 1;
        if (right && barrier->Block()) delete barrier;
        assert(second == 1);
      },
      [&] {
        second = 1;
        if (right && barrier->Block()) delete barrier;
        assert(first == 1);
      });
}

void Heap(bool right) {
  auto* number = new int(1);
  std::atomic<bool> done = false;
  Together(
      [&] {
        assert(*number == 1);
        done = true;
      },
      [&] {
        while (right && !done) {
        }
        delete number;
      });
}

void Time(bool right) {
  const auto begin = std::chrono::steady_clock::now();
  Together([] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  const auto slept = std::chrono::steady_clock::now() - begin;
  assert(slept >= std::chrono::hours(1));
  if (!right) assert(slept < std::chrono::minutes(1));
}

// What a test asks of the runtime.
template <typename Function>
Function* Runtime(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

void Choice(bool right) {
  const auto choose = Runtime<int(int)>("racelab_interleave_choose");
  const auto note = Runtime<void(const char*)>("racelab_interleave_note");
  int first = 0, second = 0;
  Together([&] { first = choose(2); }, [&] { second = choose(3); });
  note("both have chosen");
  assert(first < 2 && second < 3);
  if (!right) assert(first + second < 3);
}

void PunctualTime(bool right) {
  Runtime<void()>("racelab_interleave_be_punctual")();
  std::mutex mutex;
  const auto begin = std::chrono::steady_clock::now();
  const auto wait_an_hour = [&] {
    std::unique_lock lock(mutex);
    if (right) lock.unlock();
    std::this_thread::sleep_for(std::chrono::hours(1));
  };
  Together(wait_an_hour, wait_an_hour);
  assert(std::chrono::steady_clock::now() - begin == std::chrono::hours(1));
}

void CreationFails(bool right) {
  Runtime<void(int)>("racelab_interleave_creations_may_fail")(1);
  try {
    std::thread([] {}).join();
  } catch (const std::system_error& error) {
    if (!right) throw;
    assert(error.code() == std::errc::resource_unavailable_try_again);
  }
}

const std::map<std::string, void (*)(bool)> kPrimitives = {
    {"mutex", Mutex},
    {"recursive_mutex", RecursiveMutex},
    {"timed_mutex", TimedMutex},
    {"shared_mutex", SharedMutex},
    {"try_lock", TryLock},
    {"condition_variable", ConditionVariable},
    {"timed_wait", TimedWait},
    {"once", Once},
    {"static_local", StaticLocal},
    {"semaphore", Semaphore},
    {"posix_semaphore", PosixSemaphore},
    {"barrier", Barrier},
    {"posix_barrier", PosixBarrier},
    {"latch", Latch},
    {"future", Future},
    {"async", Async},
    {"atomic_wait", AtomicWait},
    {"spin", Spin},
    {"spin_with_yield", SpinWithYield},
    {"spin_lock", SpinLock},
    {"posix_spin_lock", PosixSpinLock},
    {"fence", Fence},
    {"shared_pointer", SharedPointer},
    {"thread_local", ThreadLocal},
    {"detach", Detach},
    {"exception", Exception},
    {"absl_mutex", AbslMutex},
    {"absl_deadlock", AbslDeadlock},
    {"absl_readers", AbslReaders},
    {"absl_await", AbslAwait},
    {"absl_cond_var", AbslCondVar},
    {"absl_notification", AbslNotification},
    {"absl_blocking_counter", AbslBlockingCounter},
    {"absl_barrier", AbslBarrier},
    {"heap", Heap},
    {"time", Time},
    {"choice", Choice},
    {"punctual_time", PunctualTime},
    {"creation_fails", CreationFails},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "list") {
    for (const auto& [name, function] : kPrimitives) std::puts(name.c_str());
    return 0;
  }
  const auto found = argc == 3 ? kPrimitives.find(argv[2]) : kPrimitives.end();
  if (found == kPrimitives.end()) return 2;
  found->second(std::string(argv[1]) == "right");
  return 0;
}
