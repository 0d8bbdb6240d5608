#include "sanitizers/verdict/quick_first.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "sanitizers/report/certainty.h"

namespace racelab {
namespace {

// A count, not a duration: the findings must not depend on the machine's load.
constexpr std::uint64_t kQuickly = 1'000;
// The consequences of a data race are worth a longer search, although they change no verdict.
constexpr std::uint64_t kForWhatFollows = 20'000;

// The runtime ends its search at such a failure. After a data race, it searches for the consequences.
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

// Runs scenarios in parallel, each in a separate process, at most one per processor. The result is the same as if one
// process ran them in order until one fails.
class InFull {
 public:
  InFull(const std::vector<std::string>& scenarios, const ChildSpec& spec, const InterleaveOptions& options)
      : scenarios_(scenarios), spec_(spec), options_(options), results_(scenarios.size()), stops_(scenarios.size()) {}

  InterleaveResult Run() {
    const absl::Time start = absl::Now();
    for (InterleaveResult& result : results_) result.child.end = ChildEnd::kInterrupted;  // until it has been run
    {
      const std::stop_callback pass_on(spec_.stop, [this] { StopFrom(0); });
      std::vector<std::jthread> threads;
      const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
      for (std::size_t i = 0; i < std::min(processors, scenarios_.size()); ++i)
        threads.emplace_back([this] { RunSome(); });
    }
    return Together(absl::Now() - start);
  }

 private:
  static bool HoldsSoFar(const InterleaveResult& result) { return result.HasEnded() && !result.child.tests.failed; }

  void RunSome() {
    for (std::size_t i = next_++; i < scenarios_.size() && !stops_[i].stop_requested(); i = next_++) {
      ChildSpec spec = spec_;
      spec.stop = stops_[i].get_token();
      spec.argv.push_back(absl::StrCat("--gtest_filter=", scenarios_[i]));
      results_[i] = RunUnderInterleave(std::move(spec), options_);
      if (!HoldsSoFar(results_[i])) StopFrom(i + 1);
    }
  }

  void StopFrom(std::size_t first) {
    for (std::size_t i = first; i < stops_.size(); ++i) stops_[i].request_stop();
  }

  InterleaveResult Together(absl::Duration time) {
    const auto last = std::find_if_not(results_.begin(), results_.end() - 1, HoldsSoFar);
    std::vector<Exploration> explorations;
    for (auto result = results_.begin(); result <= last; ++result)
      std::move(result->explorations.begin(), result->explorations.end(), std::back_inserter(explorations));
    last->explorations = std::move(explorations);
    last->child.time = time;
    return std::move(*last);
  }

  const std::vector<std::string>& scenarios_;
  const ChildSpec& spec_;
  const InterleaveOptions& options_;
  std::vector<InterleaveResult> results_;
  std::vector<std::stop_source> stops_;
  std::atomic<std::size_t> next_ = 0;
};

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
    scenarios = {failed->scenario};  // It failed, so the results of the others are irrelevant.
  } else if (result.child.tests.failed) {
    return result;
  }
  if (scenarios.empty()) return result;
  const bool has_failed = failed != result.explorations.end();
  InterleaveOptions rest_of_it = options;
  if (has_failed) rest_of_it.executions = kForWhatFollows;
  InterleaveResult rest = InFull(scenarios, spec, rest_of_it).Run();
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
