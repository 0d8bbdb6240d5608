#ifndef RACELAB_RANGE_GAUGE_H_
#define RACELAB_RANGE_GAUGE_H_

#include <algorithm>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The lowest and the highest value recorded from a sensor.
//
// Safe to use from any number of threads at once. Read() returns the range at one instant: that of all values recorded
// so far. Both ends are read under one lock, and nobody widens the range while the lock is held.
//
// The price is the promise that nobody waits: the wait is longest when the holder of the lock has just been preempted.
class RangeGauge {
 public:
  struct Range {
    int lowest;
    int highest;
    bool operator==(const Range&) const = default;
  };

  // A gauge whose first value is `first`.
  explicit RangeGauge(int first) : range_{first, first} {}

  // Records `value`, and widens the range if the value is outside.
  void Record(int value) {
    absl::MutexLock lock(&mutex_);
    range_ = {std::min(range_.lowest, value), std::max(range_.highest, value)};
  }

  Range Read() const {
    absl::MutexLock lock(&mutex_);
    return range_;
  }

 private:
  mutable absl::Mutex mutex_;
  Range range_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_RANGE_GAUGE_H_
