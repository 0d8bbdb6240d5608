#ifndef RACELAB_JOB_READY_H_
#define RACELAB_JOB_READY_H_

#include <latch>

// Tells waiting threads that a job is ready.
//
// Any number of threads may wait, even after MarkReady(); each Wait() sleeps until the job is ready. Everything done
// before MarkReady() happens before the code after Wait().
//
// It does, because a latch remembers that it has been opened, so a thread that comes later finds it open. This is the
// library's type for an event that happens once, and the class is little more than a better name for it.
//
// MarkReady() may still be using the latch when Wait() returns: a waiter must not destroy the object before MarkReady()
// has returned.
class JobReady {
 public:
  // Says that the job is ready. Called once.
  void MarkReady() { ready_.count_down(); }

  // Returns when the job is ready; at once if it is ready already.
  void Wait() { ready_.wait(); }

 private:
  std::latch ready_{1};
};

#endif  // RACELAB_JOB_READY_H_
