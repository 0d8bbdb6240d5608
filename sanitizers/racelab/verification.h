#ifndef RACELAB_SANITIZERS_RACELAB_VERIFICATION_H_
#define RACELAB_SANITIZERS_RACELAB_VERIFICATION_H_

#include <cstdint>
#include <functional>
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

// One variant of a lab, and what its tests showed under one detector.
struct Verification {
  Verification(const Lab* lab, std::string variant, Tool tool) : lab(lab), variant(std::move(variant)), tool(tool) {}

  const Lab* lab;
  std::string variant;
  Tool tool;

  int runs = 0;                                   // Of all its tests.
  int wrong = 0;                                  // Of those, how many did not show what they had to.
  Judgement judgement;                            // Of a wrong run if there was one, else of the last.
  std::vector<Exploration> explorations;          // That run's, of every interleaving.
  absl::Duration slowest = absl::ZeroDuration();  // Of its runs; of several in one process, their mean.
  absl::Duration total = absl::ZeroDuration();
  std::int64_t peak_memory_bytes = 0;  // Of the run that took most.

  // Fixes, the participant's own among them, must be clean; the lab itself and the rejected repairs must be exposed.
  bool IsFix() const { return lab->ExpectationOf(variant) == nullptr; }
  bool IsRight() const { return wrong == 0 && runs > 0; }
};

struct VerificationPlan {
  std::string preset;  // The build tree of the tests.
  int repeat = 1;      // Runs of each variant under ThreadSanitizer. (An exploration never differs.)
  int jobs = 1;        // Processes at once.
  absl::Duration limit = absl::Seconds(20);  // Of one run under ThreadSanitizer.
  double seconds = 10;                       // That one scenario is explored. (Outside of scenarios: `limit`.)
};

// The build's target for the tests of a variant.
std::string TestTarget(const Lab& lab, const std::string& variant);

// The folder of the second runtime.
std::string InterleaveRuntime(const Project& project);

// Runs the tests of every variant in `verifications`, `plan.repeat` times each, and notes what they showed. Those in
// `failures` did not compile and are judged by that. `on_finished` is called, from one thread at a time, after every
// process, with how many runs are over of how many. Returns early if interrupted.
//
// A run is a process of its own, but for a fix that is to be run often: half of what a run takes is the start and the
// end of the process, and the first report ends the process in either case. What can go wrong only once in a process
// still has 40 of them.
void Verify(const Project& project, const VerificationPlan& plan, const BuildFailures& failures,
            std::vector<Verification>& verifications,
            const std::function<void(const Verification&, int, int)>& on_finished);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_VERIFICATION_H_
