#ifndef RACELAB_RANGE_GAUGE_H_
#define RACELAB_RANGE_GAUGE_H_

#include <atomic>

// The lowest and the highest value recorded from a sensor.
//
// Safe to use from any number of threads at once; nobody ever waits. Read() returns the range at one instant: that of
// all values recorded so far.
class RangeGauge {
 public:
  struct Range {
    int lowest;
    int highest;
    bool operator==(const Range&) const = default;
  };

  // A gauge whose first value is `first`.
  explicit RangeGauge(int first) : lowest_(first), highest_(first) {}

  // Records `value`, and widens the range if the value is outside.
  void Record(int value) {
    int lowest = lowest_;
    while (value < lowest && !lowest_.compare_exchange_weak(lowest, value)) {
    }
    int highest = highest_;
    while (value > highest && !highest_.compare_exchange_weak(highest, value)) {
    }
  }

  Range Read() const { return {lowest_, highest_}; }

 private:
  std::atomic<int> lowest_;
  std::atomic<int> highest_;
};

#endif  // RACELAB_RANGE_GAUGE_H_
