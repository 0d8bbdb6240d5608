#ifndef RACELAB_JOB_READY_H_
#define RACELAB_JOB_READY_H_

#include <atomic>

// Tells waiting threads that a job is ready.
//
// Any number of threads may wait, even after MarkReady(); each Wait() sleeps until the job is ready. Everything done
// before MarkReady() happens before the code after Wait().
//
// It does, because wait(false) compares the flag, or a counter that every notify increases, once more before the thread
// sleeps: for a thread that notifies, the check and the falling asleep are one step. A condition variable cannot do
// that for an atomic that it knows nothing about.
//
// MarkReady() may still be using the flag when Wait() returns: a waiter must not destroy the object before MarkReady()
// has returned.
class JobReady {
 public:
  // Says that the job is ready. Called once.
  void MarkReady() {
    ready_.store(true, std::memory_order_release);  // The job is complete before the flag says so.
    ready_.notify_all();
  }

  // Returns when the job is ready; at once if it is ready already. Relaxed: whoever is woken is woken by the notify.
  void Wait() { ready_.wait(false, std::memory_order_relaxed); }

 private:
  std::atomic<bool> ready_ = false;
};

#endif  // RACELAB_JOB_READY_H_
