#ifndef RACELAB_JOB_READY_H_
#define RACELAB_JOB_READY_H_

#include <atomic>

// The word that a job is ready: from the thread that does it to those that wait for it.
//
// Any number of threads may wait, before and after; each Wait() returns once the job is ready. What was done before
// MarkReady() happens before what follows Wait().
//
// It does, because in wait(false) the flag, or a counter that every notify raises, is compared once more before the
// thread sleeps: the look and the falling asleep are one step to whoever notifies. A condition variable cannot do that
// for an atomic that it knows nothing of.
class JobReady {
 public:
  // Says that the job is ready. Called once.
  void MarkReady() {
    ready_.store(true, std::memory_order_release);  // Hands the job over to the acquire in Wait().
    ready_.notify_all();
  }

  // Returns when the job is ready, at once if it is already.
  void Wait() { ready_.wait(false, std::memory_order_acquire); }  // Receives it from the release in MarkReady().

 private:
  std::atomic<bool> ready_ = false;
};

#endif  // RACELAB_JOB_READY_H_
