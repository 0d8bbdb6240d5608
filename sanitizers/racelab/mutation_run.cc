#include "sanitizers/racelab/mutation_run.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/report/certainty.h"
#include "sanitizers/verdict/judge_exploration.h"

namespace racelab {
namespace {

// A mutant may have more interleavings than the program, because a lock that is not taken orders nothing.
constexpr std::uint64_t kTimesTheOriginal = 2, kLeastInterleavings = 2'000;

// Of an execution, so many loads may return an older value: enough for what a wrong memory order lets through, and a
// loop that waits for a value soon gets it.
constexpr int kOlderValues = 2;

// Whether the mutant's memory orders permit more than those of the program.
bool WeakensOrders(const Mutant& mutant) {
  return DiffersOnlyByDataRaces(mutant.mutator) && mutant.mutator != "make-plain";
}

bool IsFailure(const InterleavingFailure& failure) { return CertaintyOf(failure) == Certainty::kFails; }

std::string FirstProblem(const Exploration& exploration) {
  return exploration.failures.empty() ? "no interleaving was run" : Explain(exploration.failures.front());
}

void Judge(InterleaveResult& run, MutantResult& result) {
  result.interleavings = 0;
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
  const ChildEnd end = run.child.end;
  const bool hangs = end == ChildEnd::kDeadlock || end == ChildEnd::kStandstill;
  if (shortfall.kind == Shortfall::Kind::kFails || hangs ||
      end == ChildEnd::kSignalled) {  // In a test that explores nothing.
    result.fate = Fate::kKilled;
    result.kind = hangs ? "hang" : end == ChildEnd::kSignalled ? "crash" : "failed test";
    result.test = run.child.tests.running_test;
    if (result.test.empty() && !run.child.tests.failed_tests.empty())
      result.test = run.child.tests.failed_tests.front();
    result.failure = shortfall.reason;
  } else if (shortfall.kind != Shortfall::Kind::kNone) {
    result.failure = shortfall.reason;
  } else if (result.failure.empty()) {
    result.fate = Fate::kSurvived;
  }
}

class MutantRuns {
 public:
  MutantRuns(const MutationPlan& plan, std::uint64_t executions, std::vector<MutantResult>& results,
             const PrepareMutant& prepare, const std::function<void(size_t)>& on_finished)
      : plan_(plan), executions_(executions), results_(results), prepare_(prepare), on_finished_(on_finished) {
    const bool any_weakens = std::any_of(results.begin(), results.end(),
                                         [](const MutantResult& result) { return WeakensOrders(result.mutant); });
    tries_older_values_ = any_weakens && HoldsWithOlderValues();
  }

  void Work() {
    while (MutantResult* result = Next()) {
      RunOne(*result);
      absl::MutexLock lock(&mutex_);
      on_finished_(++finished_);
    }
  }

 private:
  MutantResult* Next() {
    absl::MutexLock lock(&mutex_);
    return InterruptRequested() || next_ == results_.size() ? nullptr : &results_[next_++];
  }

  void RunOne(MutantResult& result) const {
    ChildSpec spec = plan_.spec;
    result.tried_older_values = tries_older_values_ && WeakensOrders(result.mutant);
    InterleaveOptions options = UpToAFailure(result.tried_older_values);
    options.mutation = result.mutant.mutation;
    if (result.mutant.changed) {
      const absl::StatusOr<std::string> program = prepare_(result.mutant);
      if (!program.ok()) {
        result.failure = std::string(program.status().message());
        return;
      }
      spec.argv.front() = *program;
    }
    InterleaveResult run = RunUnderInterleave(std::move(spec), options);
    Judge(run, result);
  }

  // It does not matter which failure is found, nor how short its interleaving is.
  InterleaveOptions UpToAFailure(bool older_values) const {
    InterleaveOptions options = plan_.options;
    if (older_values) options.older_values = kOlderValues;
    options.executions = executions_;
    options.first = true;
    options.minimise = false;
    return options;
  }

  // Whether the tests hold as they are written if loads may return older values: if not, they say nothing of a mutant.
  bool HoldsWithOlderValues() const {
    const InterleaveResult run = RunUnderInterleave(plan_.spec, UpToAFailure(/*older_values=*/true));
    return ShortfallOf(run).kind == Shortfall::Kind::kNone &&
           std::all_of(run.explorations.begin(), run.explorations.end(),
                       [](const Exploration& exploration) { return CertaintyOf(exploration) == Certainty::kHolds; });
  }

  const MutationPlan& plan_;
  const std::uint64_t executions_;
  bool tries_older_values_ = false;
  std::vector<MutantResult>& results_;
  const PrepareMutant& prepare_;
  const std::function<void(size_t)>& on_finished_;
  absl::Mutex mutex_;
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t finished_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

Original RunOriginal(const MutationPlan& plan) {
  InterleaveOptions options = plan.options;
  options.sites = true;
  const InterleaveResult run = RunUnderInterleave(plan.spec, options);
  Original original;
  std::uint64_t scenarios = 0;
  for (const Exploration& exploration : run.explorations) {
    const std::uint64_t scenario = ++scenarios << 48;  // What is at one address in two scenarios are two locks.
    for (CallSite site : exploration.sites) {
      for (std::uint64_t& lock : site.locks) lock ^= scenario;
      original.sites.push_back(std::move(site));
    }
    original.most_interleavings = std::max(original.most_interleavings, exploration.executions);
    if (CertaintyOf(exploration) != Certainty::kHolds && original.failure.empty())
      original.failure = absl::StrCat(exploration.scenario, ": ", FirstProblem(exploration));
  }
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
  for (Mutant& mutant : mutants)
    results.push_back({.mutant = std::move(mutant), .test = "", .failure = "", .kind = "", .difference = {}});
  MutantRuns runs(plan, std::max(kLeastInterleavings, kTimesTheOriginal * original.most_interleavings), results,
                  prepare, on_finished);
  std::vector<std::thread> workers;
  for (int i = 0; i < plan.jobs; ++i) workers.emplace_back([&] { runs.Work(); });
  for (std::thread& worker : workers) worker.join();
  return results;
}

}  // namespace racelab
