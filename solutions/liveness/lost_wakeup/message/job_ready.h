#ifndef RACELAB_JOB_READY_H_
#define RACELAB_JOB_READY_H_

#include "solutions/support/channel.h"

// Tells waiting threads that a job is ready.
//
// Any number of threads may wait, even after MarkReady(); each Wait() sleeps until the job is ready. Everything done
// before MarkReady() happens before the code after Wait().
//
// It does, because a channel remembers that it has been closed, however late a thread asks; closing it is the only
// message here. The price is a queue in which nothing is ever queued. The channel pays as soon as there is more to say
// than "ready": send the job itself, and the threads need not share the memory of the job at all.
//
// A waiter may destroy the object as soon as Wait() has returned, even if MarkReady() has not: an absl::Mutex may be
// destroyed by the thread that locks it after the last unlock.
class JobReady {
 public:
  // Says that the job is ready. Called once.
  void MarkReady() { ready_.Close(); }

  // Returns when the job is ready; at once if it is ready already.
  void Wait() { ready_.Receive(); }

 private:
  Channel<bool> ready_;  // Nothing is ever sent here: the closing is the message.
};

#endif  // RACELAB_JOB_READY_H_
