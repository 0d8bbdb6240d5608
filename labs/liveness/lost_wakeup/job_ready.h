#ifndef RACELAB_JOB_READY_H_
#define RACELAB_JOB_READY_H_

#include <atomic>
#include <condition_variable>
#include <mutex>

// The word that a job is ready: from the thread that does it to those that wait for it.
//
// Any number of threads may wait, before and after; each Wait() returns once the job is ready. What was done before
// MarkReady() happens before what follows Wait().
class JobReady {
 public:
  // Says that the job is ready. Called once. Never waits for another thread: the mutex is the waiters' affair.
  void MarkReady() {
    ready_ = true;
    became_ready_.notify_all();
  }

  // Returns when the job is ready, at once if it is already.
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
