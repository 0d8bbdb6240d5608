#include "sanitizers/racelab/mutation_run.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/report/certainty.h"
#include "sanitizers/symbols/symbolise.h"
#include "sanitizers/verdict/judge_exploration.h"
#include "sanitizers/verdict/older_values_run.h"

namespace racelab {
namespace {

// A mutant may have more interleavings than the program, because a lock that is not taken orders nothing.
constexpr std::uint64_t kTimesTheOriginal = 2, kLeastInterleavings = 2'000;

// The first turn of each test.
constexpr std::uint64_t kFewInterleavings = 500;

// The runtime reports no more call sites of one exploration.
constexpr size_t kMostSites = 20'000;

// Whether the mutant's memory orders permit more than those of the program.
bool WeakensOrders(const Mutant& mutant) {
  return DiffersOnlyByDataRaces(mutant.mutator) && mutant.mutator != "make-plain";
}

bool IsFailure(const InterleavingFailure& failure) { return CertaintyOf(failure) == Certainty::kFails; }

std::string FirstProblem(const Exploration& exploration) {
  return exploration.failures.empty() ? "no interleaving was run" : Explain(exploration.failures.front());
}

bool Hangs(const InterleaveResult& run) {
  return run.child.end == ChildEnd::kDeadlock || run.child.end == ChildEnd::kStandstill;
}

bool IsKilled(const InterleaveResult& run) {
  const bool has_failure =
      std::any_of(run.explorations.begin(), run.explorations.end(), [](const Exploration& exploration) {
        return std::any_of(exploration.failures.begin(), exploration.failures.end(), IsFailure);
      });
  return has_failure || ShortfallOf(run).kind == Shortfall::Kind::kFails || Hangs(run) ||
         run.child.end == ChildEnd::kSignalled;  // In a test that explores nothing.
}

// Adds the outcome of one run to the outcomes of the earlier runs, none of which killed the mutant.
void Judge(InterleaveResult& run, MutantResult& result) {
  for (Exploration& exploration : run.explorations) {
    const auto failure = std::find_if(exploration.failures.begin(), exploration.failures.end(), IsFailure);
    result.mutated += exploration.mutated;
    if (failure != exploration.failures.end()) {
      result.fate = Fate::kKilled;
      result.test = exploration.scenario;
      result.kind = failure->kind;
      result.failure = Explain(*failure);
      result.interleavings += failure->found_after;
      return;
    }
    result.interleavings += exploration.executions;
    result.complete = result.complete && exploration.complete;
    if (CertaintyOf(exploration) == Certainty::kCannotTell && result.failure.empty()) {
      result.test = exploration.scenario;
      result.failure = FirstProblem(exploration);
    }
    std::optional<InterleavingFailure>& difference = exploration.difference;
    if (!difference) continue;
    if (!result.difference || difference->all_steps < result.difference->all_steps) {
      result.difference = std::move(difference);
      result.test = exploration.scenario;
    }
  }
  const Shortfall shortfall = ShortfallOf(run);
  if (IsKilled(run)) {
    result.fate = Fate::kKilled;
    result.kind = Hangs(run) ? "hang" : run.child.end == ChildEnd::kSignalled ? "crash" : "failed test";
    result.test = run.child.tests.running_test;
    if (result.test.empty() && !run.child.tests.failed_tests.empty())
      result.test = run.child.tests.failed_tests.front();
    result.failure = shortfall.reason;
  } else if (shortfall.kind != Shortfall::Kind::kNone) {
    result.failure = shortfall.reason;
  }
}

void Judge(std::vector<InterleaveResult>& runs, MutantResult& result) {
  for (InterleaveResult& run : runs) Judge(run, result);
  if (result.fate != Fate::kKilled && !runs.empty() && result.failure.empty()) result.fate = Fate::kSurvived;
}

// The explorations of each test, and whether all of them are complete and hold.
std::map<std::string, bool> SettledTests(const InterleaveResult& run) {
  std::map<std::string, bool> settled;
  for (const Exploration& exploration : run.explorations) {
    const auto test = settled.try_emplace(exploration.scenario, true).first;
    test->second &= exploration.complete && CertaintyOf(exploration) == Certainty::kHolds;
  }
  return settled;
}

void AddSites(Exploration& exploration, std::vector<CallSite>& sites) {
  for (CallSite& site : exploration.sites) {
    site.test = exploration.scenario;
    sites.push_back(std::move(site));
  }
}

// The places in all failures, and in the interleaving that shows a difference.
std::set<std::string> PlacesToShow(const InterleaveResult& run) {
  std::vector<Exploration> shown(1);
  for (const Exploration& exploration : run.explorations) {
    if (exploration.difference) shown[0].failures.push_back(*exploration.difference);
  }
  const std::vector<std::string> of_failures = Places(run.explorations), of_differences = Places(shown);
  std::set<std::string> places(of_failures.begin(), of_failures.end());
  places.insert(of_differences.begin(), of_differences.end());
  return places;
}

class MutantRuns {
 public:
  MutantRuns(const MutationPlan& plan, const Original& original, std::vector<MutantResult>& results,
             const PrepareMutant& prepare, const std::function<void(size_t)>& on_finished)
      : plan_(plan),
        original_(original),
        executions_(std::max(kLeastInterleavings, kTimesTheOriginal * original.most_interleavings)),
        results_(results),
        prepare_(prepare),
        on_finished_(on_finished),
        runs_(results.size()) {}

  // Call this first.
  void Prepare() {
    const Slot slot(plan_);
    runs_tests_alone_ = !original_.costs.empty() && (plan_.trusts_tests || EachTestHoldsAlone());
    const bool any_weakens = std::any_of(results_.begin(), results_.end(),
                                         [](const MutantResult& result) { return WeakensOrders(result.mutant); });
    if (any_weakens) why_no_older_values_ = FailureWithOlderValues();
  }

  void Work() {
    while (const std::optional<size_t> next = Next()) {
      {
        const Slot slot(plan_);
        RunOne(results_[*next], runs_[*next]);
      }
      absl::MutexLock lock(&mutex_);
      on_finished_(++finished_);
    }
  }

  // Call this last. Resolves names for all runs together, because that takes no longer than for one run.
  void JudgeAll() {
    const Slot slot(plan_);
    std::set<std::string> places;
    for (const std::vector<InterleaveResult>& runs : runs_) {
      for (const InterleaveResult& run : runs) places.merge(PlacesToShow(run));
    }
    Symbolise({places.begin(), places.end()}, plan_.spec.directory);
    for (size_t i = 0; i < runs_.size(); ++i) JudgeOne(runs_[i], results_[i]);
  }

 private:
  struct Slot {
    explicit Slot(const MutationPlan& plan) : slots(plan.slots) {
      if (slots != nullptr) slots->Take();
    }
    ~Slot() {
      if (slots != nullptr) slots->GiveBack();
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    Slots* slots;
  };

  std::optional<size_t> Next() {
    absl::MutexLock lock(&mutex_);
    return InterruptRequested() || next_ == results_.size() ? std::nullopt : std::optional<size_t>(next_++);
  }

  void RunOne(MutantResult& result, std::vector<InterleaveResult>& runs, bool resolve = false) const {
    ChildSpec spec = plan_.spec;
    const bool weakens_orders = WeakensOrders(result.mutant);
    result.tried_older_values = weakens_orders && why_no_older_values_.empty();
    if (weakens_orders) result.why_no_older_values = why_no_older_values_;
    InterleaveOptions options = UpToAFailure(result.tried_older_values);
    options.resolve = resolve;
    if (result.mutant.changed) {
      if (const absl::Status prepared = prepare_(result.mutant, spec); !prepared.ok()) {
        result.failure = std::string(prepared.message());
        return;
      }
    } else {
      options.mutation = result.mutant.Mutation();
    }
    if (!runs_tests_alone_) {
      runs.push_back(RunUnderInterleave(std::move(spec), options));
      return;
    }
    if (!result.mutant.changed) result.tests = TestsThatCanTell(result);
    RunTests(result.mutant, spec, options, result.tests, runs);
  }

  // Most mutants fail in one of the first interleavings of some test, so all tests first get a short turn. Unsettled
  // tests then get all the time that they need, the shortest one first.
  void RunTests(const Mutant& mutant, const ChildSpec& spec, const InterleaveOptions& options,
                const std::set<std::string>& tests, std::vector<InterleaveResult>& runs) const {
    InterleaveOptions few = options;
    few.executions = std::min(kFewInterleavings, options.executions);
    runs.push_back(RunUnderInterleave(OfTests(spec, tests), few));
    InterleaveResult& first = runs.back();
    if (IsKilled(first) || ShortfallOf(first).kind != Shortfall::Kind::kNone) return;
    if (tests.empty() && first.child.tests.failed) {  // The tests after the failed one were not run.
      first = RunUnderInterleave(spec, options);
      return;
    }
    if (plan_.equivalent.contains(mutant.Name())) return;
    std::map<std::string, bool> settled = SettledTests(first);
    std::erase_if(first.explorations, [&](const Exploration& exploration) { return !settled[exploration.scenario]; });
    for (const auto& [test, cost] : original_.costs) {
      if (tests.empty() || tests.contains(test)) settled.try_emplace(test, false);
    }
    std::vector<std::pair<std::uint64_t, std::string>> left;
    for (const auto& [test, is_settled] : settled) {
      const auto cost = original_.costs.find(test);
      if (!is_settled) left.emplace_back(cost == original_.costs.end() ? 0 : cost->second, test);
    }
    std::sort(left.begin(), left.end());
    if (!left.empty() && first.explorations.empty()) runs.pop_back();
    for (const auto& [cost, test] : left) {
      runs.push_back(RunUnderInterleave(OfTests(spec, {test}), options));
      if (IsKilled(runs.back()) || InterruptRequested()) return;
    }
  }

  std::set<std::string> TestsThatCanTell(const MutantResult& result) const {
    std::set<std::string> tests = result.mutant.tests;
    tests.insert(original_.unfinished.begin(), original_.unfinished.end());
    if (result.tried_older_values) tests.merge(TestsThatReach(result.mutant.sites, sites_with_older_values_));
    return tests;
  }

  static ChildSpec OfTests(ChildSpec spec, const std::set<std::string>& tests) {
    if (!tests.empty()) spec.environment.emplace_back("GTEST_FILTER", absl::StrJoin(tests, ":"));
    return spec;
  }

  // Any failure will do, and its interleaving need not be short.
  InterleaveOptions UpToAFailure(bool older_values) const {
    InterleaveOptions options = plan_.options;
    if (older_values) options.older_values = kOlderValues;
    options.executions = executions_;
    options.first = true;
    options.minimise = false;
    options.resolve = false;
    return options;
  }

  // Why the original tests fail if loads may return older values, in which case they say nothing about a mutant. Empty
  // if they hold.
  std::string FailureWithOlderValues() {
    InterleaveOptions options = UpToAFailure(/*older_values=*/true);
    options.resolve = options.sites = true;
    InterleaveResult run = RunUnderInterleave(plan_.spec, options);
    for (Exploration& exploration : run.explorations) AddSites(exploration, sites_with_older_values_);
    if (Holds(run)) return "";
    for (const Exploration& exploration : run.explorations) {
      if (CertaintyOf(exploration) != Certainty::kHolds)
        return absl::StrCat(exploration.scenario, ": ", FirstProblem(exploration));
    }
    return ShortfallOf(run).reason;
  }

  bool EachTestHoldsAlone() const {
    InterleaveOptions options = UpToAFailure(/*older_values=*/false);
    options.executions = 1;
    return std::all_of(original_.costs.begin(), original_.costs.end(), [&](const auto& test) {
      return Holds(RunUnderInterleave(OfTests(plan_.spec, {test.first}), options));
    });
  }

  static bool Holds(const InterleaveResult& run) {
    return ShortfallOf(run).kind == Shortfall::Kind::kNone &&
           std::all_of(run.explorations.begin(), run.explorations.end(),
                       [](const Exploration& exploration) { return CertaintyOf(exploration) == Certainty::kHolds; });
  }

  void JudgeOne(std::vector<InterleaveResult>& runs, MutantResult& result) const {
    bool has_met_defects = false;  // harmless defects of a library that have ended a search
    for (InterleaveResult& run : runs) has_met_defects |= !ResolveRun(run, plan_.options, plan_.spec.directory).empty();
    if (has_met_defects) {
      runs.clear();
      RunOne(result, runs, /*resolve=*/true);
    }
    Judge(runs, result);
  }

  const MutationPlan& plan_;
  const Original& original_;
  const std::uint64_t executions_;
  bool runs_tests_alone_ = false;
  std::string why_no_older_values_;
  std::vector<CallSite> sites_with_older_values_;
  std::vector<MutantResult>& results_;
  const PrepareMutant& prepare_;
  const std::function<void(size_t)>& on_finished_;
  std::vector<std::vector<InterleaveResult>> runs_;  // for each mutant
  absl::Mutex mutex_;
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t finished_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

Original RunOriginal(const MutationPlan& plan) {
  InterleaveOptions options = plan.options;
  options.sites = true;
  InterleaveResult run = RunUnderInterleave(plan.spec, options);
  Original original;
  std::uint64_t scenarios = 0;
  const std::vector<std::string>& tests = run.child.tests.tests;
  bool are_tests = true;
  for (Exploration& exploration : run.explorations) {
    const std::string& test = exploration.scenario;
    are_tests &= std::find(tests.begin(), tests.end(), test) != tests.end();
    original.costs[test] += exploration.executions + exploration.sleep_set_blocked;
    if (!exploration.complete || exploration.sites.size() == kMostSites) original.unfinished.insert(test);
    original.most_interleavings = std::max(original.most_interleavings, exploration.executions);
    if (CertaintyOf(exploration) != Certainty::kHolds && original.failure.empty())
      original.failure = absl::StrCat(test, ": ", FirstProblem(exploration));
    const std::uint64_t scenario = ++scenarios << 48;  // Equal addresses in two scenarios are different locks.
    for (CallSite& site : exploration.sites) {
      for (std::uint64_t& lock : site.locks) lock ^= scenario;
    }
    AddSites(exploration, original.sites);
  }
  if (!are_tests) original.costs.clear();
  if (original.failure.empty()) {
    const Shortfall shortfall = ShortfallOf(run);
    original.failure = shortfall.reason;
    original.kind = shortfall.kind;
  }
  return original;
}

std::vector<MutantResult> RunMutants(const MutationPlan& plan, const Original& original, std::vector<Mutant> mutants,
                                     const PrepareMutant& prepare, const std::function<void(size_t)>& on_finished) {
  std::vector<MutantResult> results;
  for (Mutant& mutant : mutants) results.emplace_back().mutant = std::move(mutant);
  MutantRuns runs(plan, original, results, prepare, on_finished);
  runs.Prepare();
  std::vector<std::thread> workers;
  for (int i = 0; i < plan.jobs; ++i) workers.emplace_back([&] { runs.Work(); });
  for (std::thread& worker : workers) worker.join();
  runs.JudgeAll();
  return results;
}

}  // namespace racelab
