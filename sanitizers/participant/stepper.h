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

// One scenario of a lab's tests, in which the user decides who takes each step. The program is run anew for each step,
// so that going back is as easy as going on.
class Stepper {
 public:
  // Where the execution is after the steps taken so far.
  struct State {
    enum class Kind {
      kPaused,  // several threads could go on
      kFailed,
      kHolds,   // it has come to its end, and nothing failed
      kUnknown  // the schedule does not fit, or the runtime does not support what comes next
    };
    Kind kind = Kind::kUnknown;
    std::string schedule;
    InterleavingFailure execution;  // its steps; of kPaused: `waiting` has the threads, with their next operations
    std::string problem;            // of kUnknown

    // The thread with this number, if it can go on.
    const WaitingThread* Choice(int thread) const;
  };

  // `program` is the test program of a variant, built under ThreadSanitizer.
  Stepper(const Project& project, std::string program) : project_(project), program_(std::move(program)) {}

  // Looks for a failing interleaving, which decides which scenario is stepped through (`test`, if it is not empty), and
  // which accesses are steps. The error says why there is no scenario.
  absl::Status Begin(const std::string& test);

  const std::string& scenario() const { return scenario_; }
  // The failing interleaving with the fewest preemptions; null if every one holds.
  const InterleavingFailure* shortest() const { return shortest_ ? &*shortest_ : nullptr; }

  // How many interleavings of the scenario there are, if all of them were run and hold; otherwise 0.
  std::uint64_t all_hold() const { return all_hold_; }

  // Runs the schedule, up to the next point at which several threads could go on.
  State Run(const std::string& schedule) const;

  // Before any step.
  std::string FirstSchedule() const { return promoted_ + ":"; }
  // One more step.
  static std::string Continued(const std::string& schedule, const WaitingThread& thread);

 private:
  const Project& project_;
  const std::string program_;
  std::string scenario_;
  std::string promoted_;  // the memory whose plain accesses are steps, as a schedule names it
  std::optional<InterleavingFailure> shortest_;
  std::uint64_t all_hold_ = 0;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_STEPPER_H_
