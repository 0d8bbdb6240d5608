#ifndef RACELAB_JOB_READY_H_
#define RACELAB_JOB_READY_H_

#include "solutions/support/channel.h"

// The word that a job is ready: from the thread that does it to those that wait for it.
//
// Any number of threads may wait, before and after; each Wait() returns once the job is ready. What was done before
// MarkReady() happens before what follows Wait().
//
// It does, because a channel keeps what was put into it until somebody comes for it; and its end, which is all that is
// told here, it keeps for everybody. The price is a queue in which nothing is ever queued. It pays as soon as there is
// something to say besides "ready": send the job itself, and its place in memory need not be shared at all.
class JobReady {
 public:
  // Says that the job is ready. Called once.
  void MarkReady() { ready_.Close(); }

  // Returns when the job is ready, at once if it is already.
  void Wait() { ready_.Receive(); }

 private:
  Channel<bool> ready_;  // Nothing is ever sent here: its end is the message.
};

#endif  // RACELAB_JOB_READY_H_
