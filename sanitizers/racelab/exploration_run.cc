#include "sanitizers/racelab/exploration_run.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/verdict/judge_exploration.h"

namespace racelab {
namespace {

// The time for which a scenario is explored before it is split, and the maximum share of the total time for this.
constexpr double kSecondsAlone = 2;
constexpr double kShareAlone = 0.25;

// The share of the time that is reserved for processing the reports. A process that overruns by twice this time is
// killed, and its report is lost.
constexpr double kShareOfReporting = 0.05;
constexpr double kMostSecondsOfReporting = 1;

// A search that used at least this share of its time is considered to have reached its time limit.
constexpr double kTimeWasUp = 0.9;

// The part of the work that one of several processes does.
struct Part {
  InterleaveOptions options;
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> arguments;
};

bool IsRandom(const InterleaveOptions& options) { return options.search == "random" || options.search == "pct"; }
bool IsReplay(const InterleaveOptions& options) { return absl::StartsWith(options.search, "replay:"); }

class Run {
 public:
  Run(const ExplorationPlan& plan, Progress& progress) : plan_(plan), progress_(progress) {
    if (plan.deadline.IsNever()) return;
    reserve_ = std::clamp(kShareOfReporting * plan.deadline.Left(), 0.02, kMostSecondsOfReporting);
    exploring_ = plan.deadline.Earlier(reserve_);
  }

  ExplorationOutcome All() {
    progress_.Show("exploring ...");
    const bool by_search = plan_.shards > 1 || IsRandom(plan_.options);
    if (IsReplay(plan_.options) || (!by_search && plan_.jobs == 1 && !plan_.has_tests)) {
      Take({Whole()});
    } else if (by_search) {
      Take(BySearch({}, ShareOfTime(exploring_, TestsPerProcess(1)), plan_.options.executions));
    } else {
      const double seconds = SecondsAlone();
      Take(ByTest(seconds));
      GoOnWithWhatIsLeft(seconds);
    }
    if (outcome_.explorations.empty() && outcome_.problems.empty())
      outcome_.problems.push_back({ExplorationProblem::Kind::kNoTest, "0 tests ran"});
    if (!IsRandom(plan_.options)) outcome_.explorations = Merge(outcome_.explorations);
    for (Exploration& exploration : outcome_.explorations) SortByTelling(exploration.failures);
    progress_.Clear();
    return std::move(outcome_);
  }

 private:
  Part Whole() const {
    Part part{plan_.options, {}, {}};
    part.options.seconds = ShareOfTime(exploring_, 1);
    return part;
  }

  // One part for each process; GoogleTest distributes the tests among them.
  std::vector<Part> ByTest(double seconds) const {
    std::vector<Part> parts;
    const int count = plan_.has_tests ? plan_.jobs : 1;
    for (int i = 0; i < count; ++i) {
      Part part{plan_.options, {}, {}};
      part.options.seconds = seconds;
      if (count > 1) {
        part.environment = {{"GTEST_TOTAL_SHARDS", absl::StrCat(count)}, {"GTEST_SHARD_INDEX", absl::StrCat(i)}};
      }
      parts.push_back(std::move(part));
    }
    return parts;
  }

  // Each process explores its part of `scenario`, or of every scenario if it is empty; random searches get different
  // seeds.
  std::vector<Part> BySearch(const std::string& scenario, double seconds, std::uint64_t executions) const {
    std::vector<Part> parts;
    for (int i = 0; i < plan_.jobs; ++i) {
      Part part{plan_.options, {}, {}};
      part.options.seconds = seconds;
      part.options.executions = ShareOfExecutions(executions, i, plan_.jobs);
      if (executions != 0 && part.options.executions == 0) continue;
      part.options.shard = plan_.shard * plan_.jobs + i;
      part.options.shards = plan_.shards * plan_.jobs;
      if (IsRandom(plan_.options)) part.options.seed += static_cast<std::uint64_t>(part.options.shard);
      if (plan_.has_tests && !scenario.empty()) part.arguments = {absl::StrCat("--gtest_filter=", scenario)};
      parts.push_back(std::move(part));
    }
    return parts;
  }

  ChildSpec Spec(const Part& part) const {
    ChildSpec spec;
    spec.argv = plan_.argv;
    spec.argv.insert(spec.argv.end(), part.arguments.begin(), part.arguments.end());
    spec.environment = part.environment;
    spec.directory = plan_.directory;
    spec.input = plan_.input;
    constexpr double kTenths = 10;  // rounded for printing
    const double most = std::ceil((exploring_.Left() + 2 * reserve_) * kTenths + 1) / kTenths;
    spec.limits.time = exploring_.IsNever() ? absl::Hours(24) : absl::Seconds(most);
    return spec;
  }

  std::vector<InterleaveResult> RunAtOnce(std::vector<Part> parts) const {
    std::vector<InterleaveResult> results(parts.size());
    std::vector<std::thread> workers;
    for (size_t i = 0; i < parts.size(); ++i) {
      if (!exploring_.IsNever()) parts[i].options.deadline = exploring_.Monotonic();
      workers.emplace_back([&, i] { results[i] = RunUnderInterleave(Spec(parts[i]), parts[i].options); });
    }
    for (std::thread& worker : workers) worker.join();
    return results;
  }

  void Take(const std::vector<Part>& parts) {
    for (InterleaveResult& result : RunAtOnce(parts)) {
      const Shortfall shortfall = ShortfallOf(result);
      if (shortfall.kind != Shortfall::Kind::kNone) Note(shortfall, result, parts.size() > 1);
      std::move(result.explorations.begin(), result.explorations.end(), std::back_inserter(outcome_.explorations));
    }
  }

  void Note(const Shortfall& shortfall, InterleaveResult& result, bool several) {
    using Kind = ExplorationProblem::Kind;
    switch (shortfall.kind) {
      case Shortfall::Kind::kNone:
        return;
      case Shortfall::Kind::kIdle:  // of several processes, one may have been given no test
        if (!several || !plan_.has_tests) outcome_.problems.push_back({Kind::kNoTest, shortfall.reason});
        return;
      case Shortfall::Kind::kMisuse:
        outcome_.problems.push_back({Kind::kMisuse, shortfall.reason});
        return;
      case Shortfall::Kind::kFails:
        outcome_.problems.push_back({Kind::kFails, shortfall.reason});
        return;
      case Shortfall::Kind::kCutOff:
        if (!plan_.has_tests && result.explorations.empty()) {
          result.explorations.push_back(CutOff(shortfall.reason));
          return;
        }
        outcome_.problems.push_back({Kind::kCannotTell, absl::StrCat("cut off: ", shortfall.reason)});
        return;
      case Shortfall::Kind::kCannotTell:
        outcome_.problems.push_back({Kind::kCannotTell, shortfall.reason});
        return;
    }
  }

  // For a program that was ended before it could report anything.
  static Exploration CutOff(const std::string& reason) {
    InterleavingFailure failure;
    failure.kind = "cut off";
    failure.message = reason;
    Exploration exploration;
    exploration.scenario = "main";
    exploration.search = "exhaustive";
    exploration.failures.push_back(std::move(failure));
    return exploration;
  }

  // The largest number of tests that one of `processes` processes has to run in sequence.
  size_t TestsPerProcess(int processes) const {
    if (!plan_.has_tests || exploring_.IsNever()) return 1;
    ChildSpec spec = Spec({plan_.options, {}, {"--gtest_list_tests"}});
    for (auto& variable : InterleaveEnvironment(plan_.options, "")) spec.environment.push_back(std::move(variable));
    size_t tests = 0;
    for (std::string_view line : absl::StrSplit(RunChild(spec).out, '\n')) {
      if (absl::StartsWith(line, "  ")) ++tests;
    }
    return std::max<size_t>(1, (tests + static_cast<size_t>(processes) - 1) / static_cast<size_t>(processes));
  }

  // In seconds; 0 means no limit.
  double SecondsAlone() const {
    if (exploring_.IsNever()) return kSecondsAlone;
    return std::min(kSecondsAlone, kShareAlone * ShareOfTime(exploring_, TestsPerProcess(plan_.jobs)));
  }

  // Whether the search completed no execution within its time.
  static bool NothingWasRun(const InterleavingFailure& failure) { return failure.kind == "cut off"; }

  // Whether more time could reveal more.
  bool IsLeft(const Exploration& exploration, double seconds) const {
    if (exploration.complete) return false;
    const std::vector<InterleavingFailure>& failures = exploration.failures;
    const bool was_ended = exploration.out_of_time || exploration.seconds >= kTimeWasUp * seconds;
    if (!was_ended) return failures.empty() && plan_.options.executions == 0;
    return plan_.options.all || std::all_of(failures.begin(), failures.end(), [](const InterleavingFailure& failure) {
             return failure.is_note || failure.kind == "data race" || failure.kind == "exit code" ||
                    NothingWasRun(failure);
           });
  }

  void GoOnWithWhatIsLeft(double seconds) {
    std::vector<Exploration> left, over;
    for (Exploration& exploration : outcome_.explorations)
      (IsLeft(exploration, seconds) ? left : over).push_back(std::move(exploration));
    outcome_.explorations = std::move(over);
    std::set<std::string> begun_again;
    for (size_t i = 0; i < left.size() && !InterruptRequested(); ++i) {
      if (begun_again.contains(left[i].scenario)) {  // A test may explore several times.
        Restart(left[i]);
        outcome_.explorations.push_back(std::move(left[i]));
        continue;
      }
      progress_.Show(absl::StrCat("exploring ", left[i].scenario, ", in ", plan_.jobs,
                                  plan_.jobs == 1 ? " part ..." : " parts ..."));
      const std::string scenario = left[i].scenario;
      if (GoOnWith(std::move(left[i]), left.size() - i)) begun_again.insert(scenario);
    }
  }

  // Each part of a search starts from the beginning, so only the failures from earlier runs are kept.
  static void Restart(Exploration& begun) {
    begun.executions = begun.sleep_set_blocked = begun.failing = 0;
    begun.complete = true;
    begun.searches.clear();
    begun.outcomes.clear();
    begun.out_of_time = false;
    begun.cut_at_steps = begun.cut_after_end = 0;
    begun.failures.erase(std::remove_if(begun.failures.begin(), begun.failures.end(), NothingWasRun),
                         begun.failures.end());
  }

  // Returns whether all that the scenario's test explores was begun again.
  bool GoOnWith(Exploration begun, size_t scenarios_left) {
    const std::uint64_t most = plan_.options.executions, run = begun.executions + begun.sleep_set_blocked;
    if (exploring_.Left() <= 0 || (most != 0 && run >= most)) {
      outcome_.explorations.push_back(std::move(begun));
      return false;
    }
    const size_t before = outcome_.explorations.size();
    Take(BySearch(begun.scenario, ShareOfTime(exploring_, scenarios_left), most == 0 ? 0 : most - run));
    std::vector<Exploration>& explorations = outcome_.explorations;
    const auto parts = explorations.begin() + static_cast<std::ptrdiff_t>(before);
    if (std::all_of(parts, explorations.end(), [](const Exploration& part) { return part.executions == 0; })) {
      for (auto part = parts; part != explorations.end(); ++part)
        std::move(part->failures.begin(), part->failures.end(), std::back_inserter(begun.failures));
      explorations.resize(before);
      explorations.push_back(std::move(begun));
      return false;
    }
    for (size_t i = 0; i < before; ++i) {
      if (explorations[i].scenario == begun.scenario) Restart(explorations[i]);
    }
    Restart(begun);
    explorations.push_back(std::move(begun));
    return true;
  }

  const ExplorationPlan& plan_;
  Progress& progress_;
  double reserve_ = 0;
  Deadline exploring_;
  ExplorationOutcome outcome_;
};

}  // namespace

std::uint64_t ShareOfExecutions(std::uint64_t executions, int index, int count) {
  const auto parts = static_cast<std::uint64_t>(count);
  return executions / parts + (static_cast<std::uint64_t>(index) < executions % parts ? 1 : 0);
}

double ShareOfTime(const Deadline& deadline, size_t scenarios) {
  constexpr double kLeast = 0.001;  // 0 would mean no limit
  if (deadline.IsNever()) return 0;
  return std::max(kLeast, deadline.Left() / static_cast<double>(std::max<size_t>(1, scenarios)));
}

ExplorationOutcome RunExplorations(const ExplorationPlan& plan, Progress& progress) {
  return Run(plan, progress).All();
}

}  // namespace racelab
