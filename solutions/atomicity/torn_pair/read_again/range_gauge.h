#ifndef RACELAB_RANGE_GAUGE_H_
#define RACELAB_RANGE_GAUGE_H_

#include <atomic>

// The lowest and the highest value that a sensor has measured.
//
// Safe to use from any number of threads at once; recording never waits. A range that is read is the range at one
// instant: that of all values recorded so far. The reader reads the lower end a second time, and begins again if it has
// changed. If it has not, it was the same at the instant when the upper end was read, for the lower end only ever goes
// down: a value that it has left does not come back. (Where values can come back, two equal reads prove nothing: see
// the lab `aba`.)
//
// The price: a reader may have to begin again and again, while the lower end keeps falling.
class RangeGauge {
 public:
  struct Range {
    int lowest;
    int highest;
    bool operator==(const Range&) const = default;
  };

  // A gauge whose first measured value is `first`.
  explicit RangeGauge(int first) : lowest_(first), highest_(first) {}

  // Records `value`, and widens the range if it is outside. Sequentially consistent, as Read() is: the proof above
  // speaks of two objects, and needs one order of the accesses to both.
  void Record(int value) {
    int lowest = lowest_;
    while (value < lowest && !lowest_.compare_exchange_weak(lowest, value)) {
    }
    int highest = highest_;
    while (value > highest && !highest_.compare_exchange_weak(highest, value)) {
    }
  }

  // Sequentially consistent.
  Range Read() const {
    while (true) {
      const Range range = {lowest_, highest_};  // In this order: braces are evaluated from left to right.
      if (lowest_ == range.lowest) return range;
    }
  }

 private:
  std::atomic<int> lowest_;
  std::atomic<int> highest_;
};

#endif  // RACELAB_RANGE_GAUGE_H_
