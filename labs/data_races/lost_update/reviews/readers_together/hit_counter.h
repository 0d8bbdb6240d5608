#ifndef RACELAB_HIT_COUNTER_H_
#define RACELAB_HIT_COUNTER_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The number of requests that a server has answered.
//
// Safe to use from any number of threads at once: every access to the total holds the mutex, so one thread's read,
// addition and write are over before the next thread's begin. Readers share the mutex: they only have to keep writers
// out, not each other.
class HitCounter {
 public:
  // Records one hit.
  void Record() {
    absl::MutexLock lock(&mutex_);
    ++total_;
  }

  // The hits recorded so far.
  std::int64_t Total() const {
    absl::ReaderMutexLock lock(&mutex_);
    return total_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::int64_t total_ ABSL_GUARDED_BY(mutex_) = 0;
};

#endif  // RACELAB_HIT_COUNTER_H_
