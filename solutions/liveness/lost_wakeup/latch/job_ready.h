#ifndef RACELAB_JOB_READY_H_
#define RACELAB_JOB_READY_H_

#include <latch>

// The word that a job is ready: from the thread that does it to those that wait for it.
//
// Any number of threads may wait, before and after; each Wait() returns once the job is ready. What was done before
// MarkReady() happens before what follows Wait().
//
// It does, because a latch remembers that it has been opened: nothing is lost on whoever comes later. This is the type
// in the library for a thing that happens once, and the class is little more than a better name for it.
class JobReady {
 public:
  // Says that the job is ready. Called once.
  void MarkReady() { ready_.count_down(); }

  // Returns when the job is ready, at once if it is already.
  void Wait() { ready_.wait(); }

 private:
  std::latch ready_{1};
};

#endif  // RACELAB_JOB_READY_H_
