#ifndef RACELAB_SANITIZERS_RACELAB_VERIFICATION_H_
#define RACELAB_SANITIZERS_RACELAB_VERIFICATION_H_

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/report/exploration.h"
#include "sanitizers/verdict/judge.h"

namespace racelab {

// The detectors.
enum class Tool { kThreadSanitizer, kInterleave };

// "tsan", "interleave"
std::string_view Name(Tool tool);

// One variant of a lab, and the results of its tests under one detector.
struct Verification {
  Verification(const Lab* lab, std::string variant, Tool tool) : lab(lab), variant(std::move(variant)), tool(tool) {}

  const Lab* lab;
  std::string variant;
  Tool tool;
  bool as_repair = false;  // whether it must be clean in any case, even if it is the lab itself

  bool done = false;                              // whether all its runs have finished
  int runs = 0;                                   // of all its tests
  int wrong = 0;                                  // the number of runs that did not show what they had to
  Judgement judgement;                            // of a wrong run if there was one, otherwise of the last run
  std::vector<Exploration> explorations;          // of the same run: every interleaving
  absl::Duration slowest = absl::ZeroDuration();  // of its runs; for several runs in one process, their mean
  absl::Duration total = absl::ZeroDuration();
  std::int64_t peak_memory_bytes = 0;  // of the run that used the most

  // All fixes, including the participant's own, must be clean; the lab itself and the rejected repairs must be exposed.
  bool IsFix() const { return Expected() == nullptr; }
  // What must be found in this variant; null if nothing may be found.
  const Expectation* Expected() const { return as_repair ? nullptr : lab->ExpectationOf(variant); }
  bool IsRight() const { return wrong == 0 && runs > 0; }
};

struct VerificationPlan {
  std::string preset;  // the build tree of the tests
  int repeat = 1;      // runs of each variant under ThreadSanitizer (an exploration always gives the same result)
  int jobs = 1;        // processes at once
  absl::Duration limit = absl::Seconds(20);  // for one run under ThreadSanitizer
  double seconds = 10;                       // for exploring one scenario (outside of scenarios, `limit` applies)
};

// How a single run is followed and ended.
struct RunControl {
  std::stop_token stop;
  std::function<void(std::string_view)> on_output;  // see ChildSpec
  bool first_failure_ends = false;                  // the first failed test ends the run
};

// The build target for the tests of a variant.
std::string TestTarget(const Lab& lab, const std::string& variant);

// The program of the tests of a variant, in the build tree of `preset`.
std::string TestProgram(const Project& project, std::string_view preset, const Lab& lab, const std::string& variant);

// Builds a target of a variant; prints the compiler's first errors and ends the command if it does not compile.
void RequireBuilt(const Project& project, std::string_view preset, const Lab& lab, const std::string& variant,
                  const std::string& target, Progress& progress);

// The folder of the second runtime.
std::string InterleaveRuntime(const Project& project);

// Runs the tests of a variant once, and stores the result in `verification`. If the run is stopped, `done` stays false.
void VerifyOnce(const Project& project, const VerificationPlan& plan, const RunControl& control,
                Verification& verification);

// Runs the tests of every variant in `verifications`, `plan.repeat` times each, and stores the results there. Variants
// in `failures` did not compile and are judged accordingly. `on_finished` is called, from one thread at a time, after
// every process, with the number of finished runs and the number of all runs. Returns early if interrupted.
//
// Verifications that are already done are skipped.
//
// Each run has its own process, except for a fix that must be run often: starting and ending the process takes half of
// a run's time, and the first report ends the process in either case. A fault that can occur only once in a process
// still has 40 chances.
void Verify(const Project& project, const VerificationPlan& plan, const BuildFailures& failures,
            std::vector<Verification>& verifications,
            const std::function<void(const Verification&, int, int)>& on_finished);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_VERIFICATION_H_
