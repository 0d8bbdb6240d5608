#include "sanitizers/racelab/verification.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "sanitizers/process/child.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/racelab/evasion.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/verdict/interleave_run.h"
#include "sanitizers/verdict/older_values_run.h"
#include "sanitizers/verdict/quick_first.h"
#include "sanitizers/verdict/test_run.h"
#include "sanitizers/verdict/tsan_run.h"

namespace racelab {
namespace {

Judgement NotCompiled(const std::string& output) {
  Judgement judgement;
  judgement.verdict = Verdict::kDoesNotCompile;
  const std::vector<std::string> lines = absl::StrSplit(FirstErrors(output, 1), '\n');
  judgement.reason = absl::StrCat("does not compile: ", lines.front());
  return judgement;
}

// A lab without ThreadSanitizer reports may hang instead; a long wait would reveal nothing more.
constexpr absl::Duration kLimitOfSilence = absl::Seconds(3);

// An exploration ends by itself, and the runtime ends tests that hang outside an exploration. This limit is for a
// runtime that hangs.
absl::Duration LimitOfExplorations(const VerificationPlan& plan) {
  constexpr int kMostScenarios = 50;
  return kMostScenarios * (plan.limit + absl::Seconds(plan.seconds));
}

// A repair with many scenarios, none of which can be explored to its end, is not worth a wait of many minutes: the
// later ones get less time.
constexpr int kScenariosInFull = 6;

constexpr std::int64_t kMemoryOfExplorations = std::int64_t{500} << 20;

// The number of runs in one process, for a variant that is run `repeat` times.
int RunsPerProcess(const Verification& verification, int repeat) {
  constexpr int kProcesses = 40;
  constexpr int kMost = 25;  // so that progress remains visible
  return verification.IsFix() ? std::clamp(repeat / kProcesses, 1, kMost) : 1;
}

// The result of one or several runs of a variant's tests.
struct Outcome {
  TestRun run;
  Judgement judgement;
  std::vector<Exploration> explorations;
};

// A bug is first searched for in this many interleavings of each scenario. If it shows there as declared, a longer
// search would reveal nothing more.
constexpr std::uint64_t kEnoughForABug = 20'000;

// `expected` is null for a fix.
InterleaveResult Explore(const ChildSpec& spec, const InterleaveOptions& options, const ExpectedFailure* expected) {
  if (expected != nullptr && expected->kind != "none") {
    InterleaveOptions first = options;
    first.executions = kEnoughForABug;
    InterleaveResult result = RunUnderInterleave(spec, first);
    if (result.child.end == ChildEnd::kInterrupted) return result;
    if (JudgeExplorations(result, expected).verdict == Verdict::kExposed) return result;
  }
  return RunUnderInterleave(spec, options);
}

Outcome RunOnce(const Project& project, const VerificationPlan& plan, const Verification& verification, int runs,
                const RunControl& control = {}) {
  const Lab& lab = *verification.lab;
  const Expectation* expect = verification.Expected();
  ChildSpec spec;
  spec.argv = {TestProgram(project, plan.preset, lab, verification.variant)};
  spec.directory = project.root.string();
  spec.stop = control.stop;
  spec.on_output = control.on_output;
  if (control.first_failure_ends) spec.argv.push_back("--gtest_fail_fast");
  if (verification.tool == Tool::kInterleave) {
    spec.limits.time = LimitOfExplorations(plan);
    spec.limits.memory_bytes = kMemoryOfExplorations;
    InterleaveOptions options;
    options.runtime = InterleaveRuntime(project);
    options.seconds = plan.seconds;
    options.total_seconds = kScenariosInFull * plan.seconds;
    options.idle_seconds = absl::ToDoubleSeconds(plan.limit);
    options.sites = lab.waits && verification.variant == lab.own;
    const ExpectedFailure* failure = expect == nullptr ? nullptr : &expect->interleave;
    InterleaveResult explored =
        control.first_failure_ends ? RunQuicklyFirst(spec, options) : Explore(spec, options, failure);
    if (verification.as_repair || verification.variant != kLabVariant)
      TryOlderValues(std::move(spec), options, explored);
    Judgement judgement = JudgeExplorations(explored, failure);
    if (options.sites && judgement.verdict == Verdict::kClean) {
      std::vector<CallSite> sites;
      for (const Exploration& exploration : explored.explorations)
        sites.insert(sites.end(), exploration.sites.begin(), exploration.sites.end());
      const FramesOfPlaces frames = Symbolise(Places(sites), project.root.string());
      if (auto polling = PollingIn(sites, frames, lab.mine))
        judgement = {Verdict::kEvades, *std::move(polling), "", {}};
    }
    return {std::move(explored.child), std::move(judgement), std::move(explored.explorations)};
  }
  const bool may_hang = expect != nullptr && expect->tsan.IsSilence() && expect->tsan.test.empty();
  spec.limits.time = may_hang ? std::min(plan.limit, kLimitOfSilence) : plan.limit;
  if (runs > 1) {
    spec.argv.push_back(absl::StrCat("--gtest_repeat=", runs));
    spec.limits.time *= runs;
    spec.limits.output_bytes *= runs;
  }
  TsanRun run = RunTestsUnderThreadSanitizer(std::move(spec));
  std::optional<Evidence> evidence;
  if (expect != nullptr) evidence = CompilerOf(plan.preset) == "gcc" ? SeenByGcc(expect->tsan) : expect->tsan;
  Judgement judgement = JudgeRun(run, evidence ? &*evidence : nullptr);
  return {std::move(run.child), std::move(judgement), {}};
}

// Adds the outcome of `runs` runs in one process to the results of `verification`.
void Add(const Project& project, Outcome outcome, int runs, Verification& verification) {
  // Readers know where the project is.
  outcome.judgement.reason =
      absl::StrReplaceAll(outcome.judgement.reason, {{absl::StrCat(project.root.string(), "/"), ""}});
  const TestRun& run = outcome.run;
  const bool right = IsRight(outcome.judgement.verdict, verification.IsFix());
  if (!right || verification.wrong == 0) {
    verification.judgement = std::move(outcome.judgement);
    verification.explorations = std::move(outcome.explorations);
  }
  const TestOutput tests = runs > 1 ? run.tests : TestOutput();
  verification.wrong += right ? 0 : std::max(1, tests.failed_repetitions);
  verification.runs += tests.repetitions;
  verification.total += run.time;
  verification.slowest = std::max(verification.slowest, run.time / tests.repetitions);
  verification.peak_memory_bytes = std::max(verification.peak_memory_bytes, run.peak_memory_bytes);
}

// The remaining runs, which workers take one by one, and the collected outcomes.
class Runs {
 public:
  Runs(const Project& project, const VerificationPlan& plan, const std::vector<Verification*>& verifications,
       const std::function<void(const Verification&, int, int)>& on_finished)
      : project_(project), plan_(plan), on_finished_(on_finished) {
    for (Verification* verification : verifications) {
      const int repeat = verification->tool == Tool::kInterleave ? 1 : plan.repeat;
      const int most = RunsPerProcess(*verification, repeat);
      for (int left = repeat; left > 0; left -= most) {
        queue_.push_back({verification, std::min(left, most)});
        ++processes_left_[verification];
      }
      asked_for_ += repeat;
    }
  }

  void Work() {
    while (const std::optional<Process> process = Next()) {
      Outcome outcome = RunOnce(project_, plan_, *process->verification, process->runs);
      if (outcome.run.end == ChildEnd::kInterrupted) return;
      Note(*process, std::move(outcome));
    }
  }

 private:
  struct Process {
    Verification* verification;
    int runs;
  };

  std::optional<Process> Next() {
    absl::MutexLock lock(&mutex_);
    if (InterruptRequested() || next_ == queue_.size()) return std::nullopt;
    return queue_[next_++];
  }

  void Note(const Process& process, Outcome outcome) {
    absl::MutexLock lock(&mutex_);
    Verification& verification = *process.verification;
    Add(project_, std::move(outcome), process.runs, verification);
    finished_ += process.runs;
    if (--processes_left_[&verification] == 0) verification.done = true;
    on_finished_(verification, finished_, asked_for_);
  }

  const Project& project_;
  const VerificationPlan& plan_;
  absl::Mutex mutex_;
  std::vector<Process> queue_;
  int asked_for_ = 0;
  const std::function<void(const Verification&, int, int)>& on_finished_;
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  int finished_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<const Verification*, int> processes_left_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::string_view Name(Tool tool) { return tool == Tool::kThreadSanitizer ? "tsan" : "interleave"; }

std::string InterleaveRuntime(const Project& project) {
  return (project.root / (project.is_installed ? kInstalledRuntime : "build/lib/interleave")).string();
}

std::string TestTarget(const Lab& lab, const std::string& variant) {
  return absl::StrCat(lab.name, ".", variant, ".test");
}

std::string TestProgram(const Project& project, std::string_view preset, const Lab& lab, const std::string& variant) {
  return (project.Tree(preset) / "bin" / lab.name / (variant + "_test")).string();
}

void RequireBuilt(const Project& project, std::string_view preset, const Lab& lab, const std::string& variant,
                  const std::string& target, Progress& progress) {
  const BuildFailures failures = Require(Build(project, preset, {target}, progress));
  if (failures.empty()) return;
  progress.Clear();
  std::fprintf(stderr, "racelab: %s, variant %s, does not compile:\n%s\n", lab.called.c_str(), variant.c_str(),
               FirstErrors(failures.begin()->second, 30).c_str());
  Exit(kWrong);
}

void VerifyOnce(const Project& project, const VerificationPlan& plan, const RunControl& control,
                Verification& verification) {
  Outcome outcome = RunOnce(project, plan, verification, /*runs=*/1, control);
  if (outcome.run.end == ChildEnd::kInterrupted) return;
  Add(project, std::move(outcome), /*runs=*/1, verification);
  verification.done = true;
}

void Verify(const Project& project, const VerificationPlan& plan, const BuildFailures& failures,
            std::vector<Verification>& verifications,
            const std::function<void(const Verification&, int, int)>& on_finished) {
  std::vector<Verification*> built;
  for (Verification& verification : verifications) {
    if (verification.done) continue;
    const auto failure = failures.find(TestTarget(*verification.lab, verification.variant));
    if (failure == failures.end()) {
      built.push_back(&verification);
    } else {
      verification.judgement = NotCompiled(failure->second);
      verification.wrong = verification.runs = 1;
      verification.done = true;
    }
  }
  Runs runs(project, plan, built, on_finished);
  std::vector<std::thread> workers;
  for (int i = 0; i < plan.jobs; ++i) workers.emplace_back([&runs] { runs.Work(); });
  for (std::thread& worker : workers) worker.join();
}

}  // namespace racelab
