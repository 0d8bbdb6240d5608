#ifndef RACELAB_TESTS_SANITIZERS_INTERLEAVE_EXPLORED_H_
#define RACELAB_TESTS_SANITIZERS_INTERLEAVE_EXPLORED_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "sanitizers/report/exploration.h"
#include "sanitizers/verdict/interleave_run.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {

// Explores the programs in tests/sanitizers/explored/ as a whole, built by each compiler.
class ExploredTest : public testing::TestWithParam<std::string> {
 protected:
  static InterleaveOptions Whole() {
    InterleaveOptions options;
    options.runtime = std::string(RACELAB_BUILD_DIR) + "/lib/interleave";
    options.whole_program = true;
    options.seconds = 60;  // Far more than any program needs.
    return options;
  }

  // The failure of this kind, if there is one among the failures; otherwise null.
  static const InterleavingFailure* FailureOf(const Exploration& exploration, const std::string& kind) {
    for (const InterleavingFailure& failure : exploration.failures) {
      if (failure.kind == kind) return &failure;
    }
    return nullptr;
  }

  static std::string FirstMessage(const Exploration& exploration) {
    return exploration.failures.empty() ? "no failure" : exploration.failures[0].message;
  }

  static InterleaveResult Run(const std::string& program, std::vector<std::string> arguments,
                              const InterleaveOptions& options) {
    ChildSpec spec;
    spec.argv = {std::string(RACELAB_BUILD_DIR) + "/" + GetParam() + "/bin/explored/" + program};
    spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
    spec.limits.time = absl::Minutes(5);
    return RunUnderInterleave(std::move(spec), options);
  }

  // The only exploration of the program. If there is none, the test fails, and the result is empty.
  static Exploration Explore(const std::string& program, std::vector<std::string> arguments,
                             const InterleaveOptions& options) {
    const InterleaveResult result = Run(program, std::move(arguments), options);
    if (result.explorations.size() == 1) return result.explorations.front();
    ADD_FAILURE() << program << ": " << result.explorations.size() << " explorations; " << result.problem
                  << result.child.note << result.child.last_words;
    return {};
  }
};

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_INTERLEAVE_EXPLORED_H_
