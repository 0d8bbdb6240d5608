// The ends of the process, of threads, and of objects that they use.

#undef NDEBUG
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

int answer = 0;
std::atomic<int> atomic_answer = 0;

// main() does not wait for the thread.
void DetachedAtTheEnd(bool right) {
  std::thread([right] {
    if (right) {
      atomic_answer = 42;
    } else {
      answer = 42;
    }
  }).detach();
  assert(right ? atomic_answer != 7 : answer != 7);
}

// The thread fails only if it runs before main()'s last step.
void FailsBeforeTheEnd(bool right) {
  std::thread([right] { assert(right || atomic_answer != 0); }).detach();
  atomic_answer = 1;
}

struct Log {
  std::mutex mutex;
  std::vector<int> lines;
  void Add(int line) {
    const std::lock_guard lock(mutex);
    lines.push_back(line);
  }
};

Log& DestroyedLog() {
  static Log log;
  return log;
}

Log& LastingLog() {
  static Log& log = *new Log;
  return log;
}

void StaticAtTheEnd(bool right) {
  Log& log = right ? LastingLog() : DestroyedLog();
  log.Add(1);
  std::thread([&log] { log.Add(2); }).detach();
}

void HandlersAtTheEnd(bool right) {
  std::atexit([] { abort(); });
  if (right) _exit(0);
}

// The base's destructor has only the base's functions.
struct Instrument {
  virtual ~Instrument() { Stop(); }
  virtual int Read() const = 0;
  void Start() {
    thread = std::thread([this] { Log(); });
  }
  void Stop() {
    if (thread.joinable()) thread.join();
  }
  void Log() { logged += Read(); }

  int logged = 0;
  std::thread thread;
};

struct Gauge final : Instrument {
  explicit Gauge(bool stops) : stops(stops) {}
  ~Gauge() override {
    if (stops) Stop();
  }
  int Read() const override { return 1; }

  const bool stops;
};

void PureVirtualCall(bool right) {
  Gauge gauge(right);
  gauge.Start();
}

void ThreadLeak(bool right) {
  pthread_t thread;
  pthread_create(&thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
  if (right) pthread_join(thread, nullptr);
}

void DetachTwice(bool right) {
  pthread_t thread;
  pthread_create(&thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
  pthread_detach(thread);
  if (!right) pthread_detach(thread);
}

void MutexFreed(bool right) {
  auto mutex = std::make_unique<std::mutex>();
  std::thread user([mutex = mutex.get()] { const std::lock_guard lock(*mutex); });
  if (right) user.join();
  mutex.reset();
  if (!right) user.join();
}

// The notification may come after the waiter has continued and deleted both objects.
void ConditionFreed(bool right) {
  struct Job {
    std::mutex mutex;
    std::condition_variable finished;
    bool is_finished = false;
  };
  auto* job = new Job;
  std::thread worker([job, right] {
    std::unique_lock lock(job->mutex);
    job->is_finished = true;
    if (!right) lock.unlock();
    job->finished.notify_one();
  });
  {
    std::unique_lock lock(job->mutex);
    job->finished.wait(lock, [job] { return job->is_finished; });
  }
  if (right) worker.join();
  delete job;
  if (!right) worker.join();
}

void MutexDestroyed(bool right) {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, nullptr);
  if (!right) pthread_mutex_destroy(&mutex);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  pthread_mutex_destroy(&mutex);
}

void FreedByOneThread(bool right) {
  auto* number = new int(1);
  if (!right) delete number;
  volatile int read = *number;
  assert(right || read == read);
  if (right) delete number;
}

// The second growth reuses the block that the first one has freed.
void ReferenceBeforeGrowth(bool right) {
  std::vector<int> numbers = {1};
  if (right) numbers.reserve(3);
  int& first = numbers[0];
  numbers.push_back(2);
  numbers.push_back(3);
  first = 4;
}

// Called while there is only one thread.
void AddressAfterFree(bool right) {
  static int* volatile number;
  number = new int(1);
  int* const old = number;
  delete number;
  number = new int(2);
  assert(right || number == old);
  delete number;
}

// The handlers of at_quick_exit() run, those of atexit() do not.
void HandlerAtQuickExit(bool right) {
  static std::atomic<int> seen = 0;
  std::thread([] { seen = 1; }).detach();
  std::atexit([] { assert(false); });
  if (right) {
    std::at_quick_exit([] { seen = 2; });
  } else {
    std::at_quick_exit([] { assert(seen == 0); });
  }
  std::quick_exit(0);
}

// A thread that joins one that ends the process waits until the process is gone.
void JoinsWhoEndsTheProcess(bool right) {
  std::thread([] { answer = 42; }).detach();
  std::thread leaver([right] {
    if (right && atomic_answer >= 0) _exit(0);
  });
  atomic_answer = 1;
  leaver.join();
  const volatile int seen = answer;
  assert(seen != 7);
}

int shared_count = 0;
std::mutex count_mutex;

// Threads one after another, and many at once.
void ManyThreads(bool right) {
  for (int i = 0; i < 70; ++i) std::thread([] { ++shared_count; }).join();
  std::vector<std::thread> threads;
  for (int i = 0; i < 40; ++i) threads.emplace_back([] {});
  threads.emplace_back([right] {
    if (right) count_mutex.lock();
    ++shared_count;
    if (right) count_mutex.unlock();
  });
  if (right) count_mutex.lock();
  ++shared_count;
  if (right) count_mutex.unlock();
  for (std::thread& thread : threads) thread.join();
  assert(shared_count == 72);
}

}  // namespace

RightOrWrongPrograms Ends() {
  static constexpr RightOrWrongProgram kPrimitives[] = {
      {"address_after_free", AddressAfterFree},
      {"condition_freed", ConditionFreed},
      {"detach_twice", DetachTwice},
      {"detached_at_the_end", DetachedAtTheEnd},
      {"fails_before_the_end", FailsBeforeTheEnd},
      {"freed_by_one_thread", FreedByOneThread},
      {"handler_at_quick_exit", HandlerAtQuickExit},
      {"handlers_at_the_end", HandlersAtTheEnd},
      {"joins_who_ends_the_process", JoinsWhoEndsTheProcess},
      {"many_threads", ManyThreads},
      {"mutex_destroyed", MutexDestroyed},
      {"mutex_freed", MutexFreed},
      {"pure_virtual_call", PureVirtualCall},
      {"reference_before_growth", ReferenceBeforeGrowth},
      {"static_at_the_end", StaticAtTheEnd},
      {"thread_leak", ThreadLeak},
  };
  return kPrimitives;
}

}  // namespace racelab
