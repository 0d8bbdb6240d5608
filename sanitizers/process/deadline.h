#ifndef RACELAB_SANITIZERS_PROCESS_DEADLINE_H_
#define RACELAB_SANITIZERS_PROCESS_DEADLINE_H_

#include <algorithm>
#include <chrono>
#include <limits>

namespace racelab {

// The time by which an activity must end, or never. Changes of the machine's clock do not move it.
class Deadline {
 public:
  Deadline() = default;  // Never.

  // `seconds` from now.
  static Deadline In(double seconds) { return At(Now() + seconds); }
  static Deadline At(double monotonic) {
    Deadline deadline;
    deadline.at_ = monotonic;
    return deadline;
  }

  bool IsNever() const { return at_ == std::numeric_limits<double>::infinity(); }
  // The seconds left, at least 0; infinite if the deadline is never.
  double Left() const { return std::max(0.0, at_ - Now()); }
  // In seconds of CLOCK_MONOTONIC, which other processes share.
  double Monotonic() const { return at_; }
  Deadline Earlier(double seconds) const { return At(at_ - seconds); }

  // CLOCK_MONOTONIC.
  static double Now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }

 private:
  double at_ = std::numeric_limits<double>::infinity();
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_DEADLINE_H_
