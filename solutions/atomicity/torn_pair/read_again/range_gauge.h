#ifndef RACELAB_RANGE_GAUGE_H_
#define RACELAB_RANGE_GAUGE_H_

#include <atomic>

// The lowest and the highest value recorded from a sensor.
//
// Safe to use from any number of threads at once; recording never waits. Read() returns the range at one instant: that
// of all values recorded so far. It reads the lower end a second time, and starts again if that has changed. If it has
// not changed, it was the same at the instant when the upper end was read, because the lower end only ever goes down:
// it never returns to an earlier value. (Where values can come back, two equal reads prove nothing: see the lab
// `aba`.)
//
// The price: a reader may have to start again and again, while the lower end keeps falling.
class RangeGauge {
 public:
  struct Range {
    int lowest;
    int highest;
    bool operator==(const Range&) const = default;
  };

  // A gauge whose first value is `first`.
  explicit RangeGauge(int first) : lowest_(first), highest_(first) {}

  // Records `value`, and widens the range if the value is outside. Sequentially consistent, as Read() is: the proof
  // above is about two objects, and needs one order of the accesses to both.
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
