#ifndef RACELAB_JOB_READY_H_
#define RACELAB_JOB_READY_H_

#include <atomic>
#include <condition_variable>
#include <mutex>

// Tells waiting threads that a job is ready.
//
// Any number of threads may wait, even after MarkReady(); each Wait() sleeps until the job is ready. Everything done
// before MarkReady() happens before the code after Wait(). The object must outlive both calls.
class JobReady {
 public:
  // Says that the job is ready. Called once. Never waits for another thread: only Wait() needs the mutex.
  void MarkReady() {
    ready_.store(true, std::memory_order_release);
    if (sleepers_.load(std::memory_order_acquire) == 0) return;  // Nobody to wake.
    {
      std::lock_guard<std::mutex> lock(mutex_);
    }
    became_ready_.notify_all();
  }

  // Returns when the job is ready; at once if it is ready already.
  void Wait() {
    if (ready_.load(std::memory_order_acquire)) return;
    std::unique_lock lock(mutex_);
    sleepers_.fetch_add(1, std::memory_order_release);
    while (!ready_.load(std::memory_order_acquire)) became_ready_.wait(lock);
  }

 private:
  std::atomic<bool> ready_ = false;
  std::mutex mutex_;
  std::condition_variable became_ready_;
  std::atomic<int> sleepers_ = 0;
};

#endif  // RACELAB_JOB_READY_H_
