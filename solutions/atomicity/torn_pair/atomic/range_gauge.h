#ifndef RACELAB_RANGE_GAUGE_H_
#define RACELAB_RANGE_GAUGE_H_

#include <algorithm>
#include <atomic>

// The lowest and the highest value recorded from a sensor.
//
// Safe to use from any number of threads at once; nobody ever waits. Read() returns the range at one instant: that of
// all values recorded so far. Both ends are in one atomic object of eight bytes, so one load reads both, and one
// exchange replaces both.
//
// Relaxed suffices everywhere: all threads agree on one order of the changes to one atomic object, and a range hands
// over no other data.
class RangeGauge {
 public:
  struct Range {
    int lowest;
    int highest;
    bool operator==(const Range&) const = default;
  };

  // A gauge whose first value is `first`.
  explicit RangeGauge(int first) : range_(Range{first, first}) {}

  // Records `value`, and widens the range if the value is outside. Relaxed.
  void Record(int value) {
    Range seen = range_.load(std::memory_order_relaxed);
    while (value < seen.lowest || value > seen.highest) {
      const Range wider = {std::min(seen.lowest, value), std::max(seen.highest, value)};
      if (range_.compare_exchange_weak(seen, wider, std::memory_order_relaxed)) return;  // Else: `seen` is new.
    }
  }

  // Relaxed.
  Range Read() const { return range_.load(std::memory_order_relaxed); }

 private:
  std::atomic<Range> range_;
  static_assert(std::atomic<Range>::is_always_lock_free);
};

#endif  // RACELAB_RANGE_GAUGE_H_
