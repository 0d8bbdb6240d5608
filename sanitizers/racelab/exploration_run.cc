#include "sanitizers/racelab/exploration_run.h"

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sanitizers/verdict/judge_exploration.h"

namespace racelab {
namespace {

// What a scenario gets before it is split.
constexpr double kSecondsAlone = 2;

// What one of several processes does.
struct Part {
  InterleaveOptions options;
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> arguments;
};

std::vector<InterleaveResult> RunAtOnce(const ExplorationPlan& plan, const std::vector<Part>& parts) {
  std::vector<InterleaveResult> results(parts.size());
  std::vector<std::thread> workers;
  for (size_t i = 0; i < parts.size(); ++i) {
    workers.emplace_back([&, i] {
      ChildSpec spec;
      spec.argv = plan.argv;
      spec.argv.insert(spec.argv.end(), parts[i].arguments.begin(), parts[i].arguments.end());
      spec.environment = parts[i].environment;
      spec.directory = plan.directory;
      spec.input = plan.input;
      spec.limits.time = absl::Hours(24);
      results[i] = RunUnderInterleave(std::move(spec), parts[i].options);
    });
  }
  for (std::thread& worker : workers) worker.join();
  return results;
}

bool IsRandom(const InterleaveOptions& options) { return options.search == "random" || options.search == "pct"; }
bool IsReplay(const InterleaveOptions& options) { return absl::StartsWith(options.search, "replay:"); }

// GoogleTest deals out the tests.
std::vector<Part> ByTest(const ExplorationPlan& plan, double seconds) {
  std::vector<Part> parts;
  const int count = plan.has_tests ? plan.jobs : 1;
  for (int i = 0; i < count; ++i) {
    Part part{plan.options, {}, {}};
    part.options.seconds = seconds;
    if (count > 1) {
      part.environment = {{"GTEST_TOTAL_SHARDS", absl::StrCat(count)}, {"GTEST_SHARD_INDEX", absl::StrCat(i)}};
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

// Each explores a part of every scenario; at random, with a seed of its own.
std::vector<Part> BySearch(const ExplorationPlan& plan, const std::vector<std::string>& scenarios) {
  std::vector<Part> parts;
  for (int i = 0; i < plan.jobs; ++i) {
    Part part{plan.options, {}, {}};
    part.options.shard = plan.shard * plan.jobs + i;
    part.options.shards = plan.shards * plan.jobs;
    if (IsRandom(plan.options)) part.options.seed += static_cast<std::uint64_t>(part.options.shard);
    if (plan.has_tests && !scenarios.empty())
      part.arguments = {absl::StrCat("--gtest_filter=", absl::StrJoin(scenarios, ":"))};
    parts.push_back(std::move(part));
  }
  return parts;
}

class Run {
 public:
  Run(const ExplorationPlan& plan, Progress& progress) : plan_(plan), progress_(progress) {}

  ExplorationOutcome All() {
    progress_.Show("exploring ...");
    const bool alone = plan_.jobs * plan_.shards == 1;
    if (IsReplay(plan_.options)) {
      Take({Part{plan_.options, {}, {}}});
    } else if (alone || plan_.shards > 1 || IsRandom(plan_.options)) {
      Take(BySearch(plan_, {}));
    } else {
      const double limit = plan_.options.seconds;
      Take(ByTest(plan_, limit == 0 ? kSecondsAlone : std::min(limit, kSecondsAlone)));
      if (limit == 0 || limit > kSecondsAlone) SplitWhatIsLeft();
    }
    if (outcome_.explorations.empty() && outcome_.problems.empty()) outcome_.problems.push_back("0 tests ran");
    if (!IsRandom(plan_.options)) outcome_.explorations = Merge(outcome_.explorations);
    progress_.Clear();
    return std::move(outcome_);
  }

 private:
  void Take(const std::vector<Part>& parts) {
    for (InterleaveResult& result : RunAtOnce(plan_, parts)) {
      const Judgement judgement = JudgeExplorations(result, nullptr);
      const bool told = judgement.verdict == Verdict::kClean || judgement.verdict == Verdict::kExposedOtherwise;
      // Of several processes, one may have been dealt no test.
      const bool idle = judgement.verdict == Verdict::kFunctionalFailure && result.explorations.empty();
      if (!told && !(idle && plan_.has_tests && parts.size() > 1)) outcome_.problems.push_back(judgement.reason);
      std::move(result.explorations.begin(), result.explorations.end(), std::back_inserter(outcome_.explorations));
    }
  }

  void SplitWhatIsLeft() {
    std::vector<std::string> left;
    const auto is_left = [](const Exploration& exploration) {
      return !exploration.complete && exploration.failures.empty();
    };
    for (const Exploration& exploration : outcome_.explorations) {
      if (is_left(exploration)) left.push_back(exploration.scenario);
    }
    if (left.empty() || plan_.options.executions != 0) return;
    outcome_.explorations.erase(std::remove_if(outcome_.explorations.begin(), outcome_.explorations.end(), is_left),
                                outcome_.explorations.end());
    progress_.Show(absl::StrCat("exploring ", left.size(), left.size() == 1 ? " long scenario" : " long scenarios",
                                ", in ", plan_.jobs, " parts each ..."));
    Take(BySearch(plan_, left));
  }

  const ExplorationPlan& plan_;
  Progress& progress_;
  ExplorationOutcome outcome_;
};

}  // namespace

ExplorationOutcome RunExplorations(const ExplorationPlan& plan, Progress& progress) {
  return Run(plan, progress).All();
}

}  // namespace racelab
