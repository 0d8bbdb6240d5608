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
    ready_ = true;
    became_ready_.notify_all();
  }

  // Returns when the job is ready; at once if it is ready already.
  void Wait() {
    if (ready_) return;  // The usual case needs no lock.
    std::unique_lock lock(mutex_);
    while (!ready_) became_ready_.wait(lock);
  }

 private:
  std::atomic<bool> ready_ = false;
  std::mutex mutex_;
  std::condition_variable became_ready_;
};

#endif  // RACELAB_JOB_READY_H_
