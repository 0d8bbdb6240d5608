#ifndef RACELAB_SANITIZERS_PARTICIPANT_STEPPER_H_
#define RACELAB_SANITIZERS_PARTICIPANT_STEPPER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/report/exploration.h"

namespace racelab {

// One scenario of a lab's tests, in which the user chooses the thread for each step. The program is run again for each
// step, so going back is as easy as going forward.
class Stepper {
 public:
  // The state of the execution after the steps taken so far.
  struct State {
    enum class Kind {
      kPaused,  // several threads could go on
      kFailed,
      kHolds,   // it has ended without a failure
      kUnknown  // the schedule does not fit, or the runtime does not support what comes next
    };
    Kind kind = Kind::kUnknown;
    std::string schedule;
    InterleavingFailure execution;  // its steps; if kPaused, `waiting` has the threads and their next operations
    std::string problem;            // if kUnknown

    // The thread with this number, if it can go on.
    const WaitingThread* Choice(int thread) const;
  };

  // `program` is the test program of a variant, built under ThreadSanitizer.
  Stepper(const Project& project, std::string program) : project_(project), program_(std::move(program)) {}

  // Searches for a failing interleaving, which determines the scenario to step through (that of `test`, if it is not
  // empty), and the accesses that are steps. The error says why there is no scenario.
  absl::Status Begin(const std::string& test);

  const std::string& scenario() const { return scenario_; }
  // The failing interleaving with the fewest preemptions; null if every interleaving holds.
  const InterleavingFailure* shortest() const { return shortest_ ? &*shortest_ : nullptr; }

  // The number of interleavings of the scenario, if all of them were run and hold; otherwise 0.
  std::uint64_t all_hold() const { return all_hold_; }

  // Runs the schedule, up to the next point at which several threads could go on.
  State Run(const std::string& schedule) const;

  // The schedule before any step.
  std::string FirstSchedule() const { return promoted_ + ":"; }
  // The schedule with one more step, by `thread`.
  static std::string Continued(const std::string& schedule, const WaitingThread& thread);

 private:
  const Project& project_;
  const std::string program_;
  std::string scenario_;
  std::string promoted_;  // the memory whose plain accesses are steps, in the notation of schedules
  std::optional<InterleavingFailure> shortest_;
  std::uint64_t all_hold_ = 0;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_STEPPER_H_
