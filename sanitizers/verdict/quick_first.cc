#include "sanitizers/verdict/quick_first.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sanitizers/report/certainty.h"

namespace racelab {
namespace {

// A number, not a time: what is found must not depend on how busy the machine is.
constexpr std::uint64_t kQuickly = 1'000;
// What follows from a data race is worth a longer search, though it changes no verdict.
constexpr std::uint64_t kForWhatFollows = 20'000;

// The runtime ends its search at such a failure. After a data race it looks for what follows from it.
bool EndsTheSearch(const InterleavingFailure& failure) {
  return !failure.is_note && CertaintyOf(failure) == Certainty::kFails && failure.kind != "data race" &&
         failure.kind != "exit code" && failure.kind != "thread leak";
}

bool HasFailed(const Exploration& exploration) {
  return !std::all_of(exploration.failures.begin(), exploration.failures.end(),
                      [](const InterleavingFailure& failure) { return failure.is_note; });
}

bool IsUnsettled(const Exploration& exploration) {
  return !exploration.complete && std::none_of(exploration.failures.begin(), exploration.failures.end(), EndsTheSearch);
}

}  // namespace

std::vector<std::string> Unsettled(const std::vector<Exploration>& explorations) {
  std::vector<std::string> scenarios;
  for (const Exploration& exploration : explorations) {
    const bool is_known = std::find(scenarios.begin(), scenarios.end(), exploration.scenario) != scenarios.end();
    if (IsUnsettled(exploration) && !is_known) scenarios.push_back(exploration.scenario);
  }
  return scenarios;
}

InterleaveResult RunQuicklyFirst(const ChildSpec& spec, const InterleaveOptions& options) {
  InterleaveOptions quickly = options;
  quickly.executions = kQuickly;
  InterleaveResult result = RunUnderInterleave(spec, quickly);
  if (!result.HasEnded()) return result;
  std::vector<std::string> scenarios = Unsettled(result.explorations);
  const auto failed = std::find_if(result.explorations.begin(), result.explorations.end(),
                                   [](const Exploration& exploration) { return HasFailed(exploration); });
  if (failed != result.explorations.end()) {
    if (!IsUnsettled(*failed)) return result;
    scenarios = {failed->scenario};  // It failed: what the others hold does not matter any more.
  } else if (result.child.tests.failed) {
    return result;
  }
  if (scenarios.empty()) return result;
  const bool has_failed = failed != result.explorations.end();
  InterleaveOptions rest_of_it = options;
  if (has_failed) rest_of_it.executions = kForWhatFollows;
  ChildSpec in_full = spec;
  in_full.argv.push_back(absl::StrCat("--gtest_filter=", absl::StrJoin(scenarios, ":")));
  InterleaveResult rest = RunUnderInterleave(std::move(in_full), rest_of_it);
  if (has_failed && rest.child.end == ChildEnd::kInterrupted) return result;
  std::vector<Exploration> all;
  for (Exploration& exploration : result.explorations) {
    const bool again = std::any_of(rest.explorations.begin(), rest.explorations.end(), [&](const Exploration& other) {
      return other.scenario == exploration.scenario && (!HasFailed(exploration) || HasFailed(other));
    });
    if (!again) all.push_back(std::move(exploration));
  }
  all.insert(all.end(), std::make_move_iterator(rest.explorations.begin()),
             std::make_move_iterator(rest.explorations.end()));
  rest.explorations = std::move(all);
  rest.child.time += result.child.time;
  return rest;
}

}  // namespace racelab
