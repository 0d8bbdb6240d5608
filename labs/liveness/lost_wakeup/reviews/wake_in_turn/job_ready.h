#ifndef RACELAB_JOB_READY_H_
#define RACELAB_JOB_READY_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// Tells waiting threads that a job is ready.
//
// Any number of threads may wait, even after MarkReady(); each Wait() sleeps until the job is ready. Everything done
// before MarkReady() happens before the code after Wait().
//
// It does, because the flag is changed and checked under the same mutex, and a thread that has to wait releases the
// mutex only once it is on the list of threads to wake. So no change comes between the check and the sleep: it comes
// before the check, which sees it, or after the thread has fallen asleep, and wakes it. MarkReady() wakes one waiter;
// each waiter wakes the next one on its way out.
//
// A waiter may destroy the object as soon as Wait() has returned, even if MarkReady() has not: an absl::Mutex may be
// destroyed by the thread that locks it after the last unlock.
class JobReady {
 public:
  // Says that the job is ready. Called once.
  void MarkReady() {
    absl::MutexLock lock(&mutex_);
    ready_ = true;
    became_ready_.Signal();
  }

  // Returns when the job is ready; at once if it is ready already.
  void Wait() {
    absl::MutexLock lock(&mutex_);
    while (!ready_) became_ready_.Wait(&mutex_);
    became_ready_.Signal();
  }

 private:
  absl::Mutex mutex_;
  absl::CondVar became_ready_;
  bool ready_ ABSL_GUARDED_BY(mutex_) = false;
};

#endif  // RACELAB_JOB_READY_H_
