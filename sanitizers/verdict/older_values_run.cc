#include "sanitizers/verdict/older_values_run.h"

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sanitizers/report/certainty.h"

namespace racelab {
namespace {

// A count, not a duration: the findings must not depend on the machine's load.
constexpr std::uint64_t kExecutions = 5'000;

}  // namespace

void TryOlderValues(ChildSpec spec, InterleaveOptions options, InterleaveResult& explored) {
  if (!explored.HasEnded() || explored.child.tests.failed) return;
  std::set<std::string> scenarios;
  for (const Exploration& exploration : explored.explorations) {
    if (CertaintyOf(exploration) != Certainty::kHolds) return;
    if (exploration.weak_orders) scenarios.insert(exploration.scenario);
  }
  if (scenarios.empty()) return;
  options.sites = false;
  options.older_values = kOlderValues;
  options.executions = kExecutions;
  spec.argv.push_back(absl::StrCat("--gtest_filter=", absl::StrJoin(scenarios, ":")));
  InterleaveResult again = RunUnderInterleave(std::move(spec), options);
  explored.child.time += again.child.time;
  bool fails = false;
  for (Exploration& exploration : again.explorations) {
    if (CertaintyOf(exploration) != Certainty::kFails) continue;
    fails = true;
    explored.explorations.push_back(std::move(exploration));
  }
  if (fails || !again.HasEnded()) return;
  for (Exploration& exploration : explored.explorations) {
    if (exploration.weak_orders) exploration.older_values = kOlderValues;
  }
}

}  // namespace racelab
