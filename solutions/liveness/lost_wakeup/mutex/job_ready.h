#ifndef RACELAB_JOB_READY_H_
#define RACELAB_JOB_READY_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The word that a job is ready: from the thread that does it to those that wait for it.
//
// Any number of threads may wait, before and after; each Wait() returns once the job is ready. What was done before
// MarkReady() happens before what follows Wait().
//
// It does, because whoever changes the answer holds the mutex that the waiters ask under, and a waiter lets go of it
// only once it is on the list of those who will be woken. So no change comes between a waiter's look and its sleep: it
// comes before the look, and is seen, or after the waiter has lain down, and wakes it. absl::Mutex wakes those whose
// condition has become true by itself, so that nobody can forget to notify.
class JobReady {
 public:
  // Says that the job is ready. Called once.
  void MarkReady() {
    absl::MutexLock lock(&mutex_);
    ready_ = true;
  }

  // Returns when the job is ready, at once if it is already.
  void Wait() { absl::MutexLock lock(&mutex_, absl::Condition(&ready_)); }

 private:
  absl::Mutex mutex_;
  bool ready_ ABSL_GUARDED_BY(mutex_) = false;
};

#endif  // RACELAB_JOB_READY_H_
