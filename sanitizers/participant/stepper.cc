#include "sanitizers/participant/stepper.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/verification.h"
#include "sanitizers/report/certainty.h"
#include "sanitizers/verdict/interleave_run.h"

namespace racelab {
namespace {

// The digits of a schedule: sanitizers/interleave/options.h.
constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+@";

constexpr double kSecondsOfSearch = 5;

InterleaveResult RunTest(const Project& project, const std::string& program, const std::string& test,
                         InterleaveOptions options, bool first_failure_ends = true) {
  ChildSpec spec;
  spec.argv = {program};
  if (first_failure_ends) spec.argv.push_back("--gtest_fail_fast");
  if (!test.empty()) spec.argv.push_back(absl::StrCat("--gtest_filter=", test));
  spec.directory = project.root.string();
  spec.limits.time = absl::Minutes(5);
  options.runtime = InterleaveRuntime(project);
  return RunUnderInterleave(std::move(spec), options);
}

}  // namespace

const WaitingThread* Stepper::State::Choice(int thread) const {
  const auto& threads = execution.waiting;
  const auto found = std::find_if(threads.begin(), threads.end(), [thread](const WaitingThread& waiting) {
    return waiting.thread == thread && waiting.can_go_on;
  });
  return found == threads.end() ? nullptr : &*found;
}

absl::Status Stepper::Begin(const std::string& test) {
  InterleaveOptions options;
  options.seconds = kSecondsOfSearch;
  options.spurious = options.addresses = false;  // not choices of the scheduler
  InterleaveResult result = RunTest(project_, program_, test, options);
  // A single-threaded test may have failed before the first scenario.
  if (result.explorations.empty() && result.child.end == ChildEnd::kExited)
    result = RunTest(project_, program_, test, options, /*first_failure_ends=*/false);
  if (result.child.end == ChildEnd::kInterrupted) return absl::CancelledError("interrupted");
  if (result.explorations.empty()) {
    return absl::NotFoundError(test.empty() ? "the tests have no scenario to step through"
                                            : absl::StrCat("no scenario is called ", test));
  }
  scenario_ = result.explorations.front().scenario;
  for (const Exploration& exploration : result.explorations) {
    for (const InterleavingFailure& failure : exploration.failures) {
      if (CertaintyOf(failure) != Certainty::kFails) continue;
      if (shortest_ && !TellsMore(failure, *shortest_)) continue;
      shortest_ = failure;
      scenario_ = exploration.scenario;
    }
  }
  // Steps are replayed in a process that runs this test alone. Its heap, whose addresses identify unnamed memory,
  // differs from the heap after other tests.
  if (test.empty() && shortest_) {
    shortest_.reset();
    return Begin(std::string(scenario_));
  }
  const Exploration& first = result.explorations.front();
  if (!shortest_ && IsAll(first)) all_hold_ = first.executions;
  if (shortest_) {
    const size_t colon = shortest_->schedule.find(':');
    if (colon != std::string::npos) promoted_ = shortest_->schedule.substr(0, colon);
    // A data race is detected in any order of its accesses. Its consequences are worth stepping to.
    if (shortest_->kind == "data race") shortest_->preemptions = 0;
  }
  return absl::OkStatus();
}

Stepper::State Stepper::Run(const std::string& schedule) const {
  InterleaveOptions options;
  options.search = absl::StrCat("replay:", schedule);
  options.pause = true;
  options.spurious = options.addresses = false;
  InterleaveResult result = RunTest(project_, program_, scenario_, options);
  State state;
  state.schedule = schedule;
  if (result.explorations.empty()) {
    state.problem = result.runtimes_words.empty() ? result.child.last_words : result.runtimes_words;
    return state;
  }
  Exploration& exploration = result.explorations.front();
  if (exploration.failures.empty()) {
    state.problem = "nothing is known about this execution";
    return state;
  }
  state.execution = std::move(exploration.failures.front());
  state.schedule = state.execution.schedule;
  if (!absl::StrContains(state.schedule, ':')) state.schedule.insert(0, ":");
  if (state.execution.kind == "paused") {
    state.kind = state.execution.waiting.empty() ? State::Kind::kHolds : State::Kind::kPaused;
  } else if (CertaintyOf(state.execution) == Certainty::kFails) {
    state.kind = State::Kind::kFailed;
  } else {
    state.problem = state.execution.kind == "not deterministic"
                        ? "This schedule does not fit: was all of it copied, and is it of this variant?"
                        : state.execution.message;
  }
  return state;
}

std::string Stepper::Continued(const std::string& schedule, const WaitingThread& thread) {
  return schedule + kDigits[static_cast<size_t>(thread.slot)];
}

}  // namespace racelab
