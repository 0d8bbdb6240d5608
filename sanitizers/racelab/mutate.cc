// racelab mutate: makes a repair slightly worse, and runs each such mutant under the tests, in every interleaving. A
// surviving mutant reveals a hole in the tests, unless no test could tell the difference.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/mutation_run.h"
#include "sanitizers/racelab/mutation_screen.h"
#include "sanitizers/racelab/program_input.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/source_mutants.h"
#include "sanitizers/racelab/temporary_folder.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/racelab/verification.h"
#include "sanitizers/report/exploration_json.h"
#include "sanitizers/symbols/symbolise.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

struct MutateOptions {
  std::string lab;
  std::string variant;
  std::vector<std::string> program;  // the words after `--`
  std::string compiler;
  double seconds = 10;
  int jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  bool brief = false;
  bool json = false;
};

// Progress that several threads may use.
class SharedProgress {
 public:
  explicit SharedProgress(Progress& progress) : progress_(progress) {}

  void Show(const std::string& line) {
    const absl::MutexLock lock(&mutex_);
    progress_.Show(line);
  }
  void Clear() {
    const absl::MutexLock lock(&mutex_);
    progress_.Clear();
  }
  // Runs `action` while no thread shows progress.
  void With(const std::function<void()>& action) {
    const absl::MutexLock lock(&mutex_);
    action();
  }

 private:
  absl::Mutex mutex_;
  Progress& progress_;
};

MutationPlan PlanOf(const MutateOptions& options, const Project& project, Slots& slots) {
  MutationPlan plan;
  plan.jobs = options.jobs;
  plan.slots = &slots;
  plan.options.runtime = InterleaveRuntime(project);
  plan.options.seconds = options.seconds;
  plan.options.idle_seconds = 20;
  plan.options.most_steps = 60;
  plan.spec.environment = {{"GTEST_FAIL_FAST", "1"}, {"GTEST_BRIEF", "0"}};
  plan.spec.limits.time = absl::Minutes(10);
  return plan;
}

// Runs the mutants at the call sites of the original program, and those of its source.
void RunAll(const MutationPlan& plan, const Original& original,
            const std::function<Owner(const std::string&)>& owner_of, std::vector<Mutant> of_source,
            const PrepareMutant& prepare, SharedProgress& progress, MutatedVariant& result) {
  std::vector<Mutant> mutants =
      MutantsOf(original.sites, Symbolise(Places(original.sites), plan.spec.directory), owner_of);
  std::move(of_source.begin(), of_source.end(), std::back_inserter(mutants));
  const size_t count = mutants.size();
  result.results = RunMutants(plan, original, std::move(mutants), prepare, [&](size_t finished) {
    progress.Show(absl::StrCat("mutating ", NameOf(result), " [", finished, "/", count, "]"));
  });
  Classify(result);
}

MutatedVariant MutateVariant(const MutateOptions& options, const Project& project, const Lab& lab,
                             const std::string& variant, const fs::path& folder, Slots& slots,
                             SharedProgress& progress) {
  MutatedVariant result;
  result.lab = lab.name;
  result.variant = variant;
  if (const auto known = lab.equivalent.find(variant); known != lab.equivalent.end()) result.equivalent = known->second;

  const std::string preset = ThreadSanitizerPreset(options.compiler);
  MutationPlan plan = PlanOf(options, project, slots);
  plan.spec.argv = {TestProgram(project, preset, lab, variant)};
  plan.spec.directory = project.root.string();
  if (options.brief) {
    for (const auto& [mutant, reason] : result.equivalent) plan.equivalent.insert(mutant);
  }
  progress.Show(absl::StrCat("mutating ", NameOf(result), ": looking for call sites"));
  const Original original = RunOriginal(plan);
  result.failure = original.failure;
  if (!result.failure.empty()) return result;
  const fs::path header = lab.HeaderOf(variant);
  const absl::StatusOr<std::string> text = ReadFile(header);
  if (!text.ok()) {
    result.failure = std::string(text.status().message());
    return result;
  }
  const auto owner_of = [&](const std::string& file) {
    if (IsBelow(file, header.parent_path())) return Owner::kSubject;
    // The inside of a channel is not part of the repair.
    const bool is_ours = IsBelow(file, project.Tests()) || IsBelow(file, project.Solutions());
    return is_ours ? Owner::kTests : Owner::kLibrary;
  };
  SourceMutants of_source = SourceMutantsOf(*text, header.string());
  const auto build = [&](const std::string& name, const std::string& changed) {
    return BuildWithHeader(project, preset, lab, variant, changed, folder / lab.name / variant / name);
  };
  absl::StatusOr<std::string> together = absl::NotFoundError("each has a program of its own");
  if (!of_source.together.empty()) {
    progress.Show(absl::StrCat("mutating ", NameOf(result), ": compiling mutants"));
    slots.Take();
    together = build("together", of_source.together);
    slots.GiveBack();
  }
  const auto prepare = [&](const Mutant& mutant, ChildSpec& spec) -> absl::Status {
    if (together.ok() && mutant.alternative != 0) {
      spec.argv.front() = *together;
      spec.environment.emplace_back(kAlternative, absl::StrCat(mutant.alternative));
      return absl::OkStatus();
    }
    const absl::StatusOr<std::string> program =
        build(absl::StrCat(mutant.mutator, "-", mutant.line, "-", mutant.occurrence), mutant.changed.value_or(""));
    if (program.ok()) spec.argv.front() = *program;
    return program.status();
  };
  RunAll(plan, original, owner_of, std::move(of_source.mutants), prepare, progress, result);
  return result;
}

MutatedVariant MutateProgram(const MutateOptions& options, const Project& project, SharedProgress& progress) {
  MutatedVariant result;
  result.variant = options.program.front();
  Slots slots(options.jobs);
  MutationPlan plan = PlanOf(options, project, slots);
  plan.trusts_tests = false;
  plan.spec.argv = options.program;
  plan.spec.input = CopyOfInput();
  progress.Show("looking for call sites");
  Original original = RunOriginal(plan);
  if (absl::StrContains(original.failure, "no scenario was explored")) {  // Not a test that explores: explore main().
    plan.options.whole_program = true;
    original = RunOriginal(plan);
  }
  if (!original.failure.empty() && original.kind != Shortfall::Kind::kFails) {
    const bool is_misuse = original.kind == Shortfall::Kind::kMisuse;
    progress.Clear();
    std::fprintf(stderr, "racelab: %s%s\n", original.failure.c_str(),
                 is_misuse ? "" : "; is the program built with -fsanitize=thread and (for clang) -shared-libsan?");
    Exit(is_misuse ? kMisuse : kCannotTell);
  }
  result.failure = original.failure;
  if (!result.failure.empty()) return result;
  const auto owner_of = [](const std::string& file) {
    const bool is_library = file.empty() || absl::StartsWith(file, "/usr/") || absl::StrContains(file, "/absl/") ||
                            absl::StrContains(file, "/gtest/") || absl::StrContains(file, "/googletest/");
    return is_library ? Owner::kLibrary : Owner::kSubject;
  };
  const auto prepare = [](const Mutant&, ChildSpec&) { return absl::UnimplementedError("no source is known"); };
  RunAll(plan, original, owner_of, /*of_source=*/{}, prepare, progress, result);
  return result;
}

// The fixes and the sound changes: all other variants already fail unmutated.
std::vector<std::string> VariantsOf(const Lab& lab, const MutateOptions& options) {
  if (!options.variant.empty()) {
    const std::string variant = Require(FindVariant(lab, options.variant));
    if (lab.ExpectationOf(variant) == nullptr) return {variant};
    std::fprintf(stderr, "racelab: %s of %s fails as it is; only what is clean can be mutated\n", variant.c_str(),
                 lab.name.c_str());
    Exit(kMisuse);
  }
  std::vector<std::string> variants;
  for (const std::string& variant : lab.variants) {
    const auto change = lab.changes.find(variant);
    const bool is_sound = change != lab.changes.end() && !change->second.is_faulty;
    if (lab.fixes.contains(variant) || is_sound) variants.push_back(variant);
  }
  return variants;
}

// Mutates several variants at a time, so that no processor idles while the last mutant of one of them runs.
class Mutating {
 public:
  struct Task {
    const Lab* lab;
    std::string variant;
    MutatedVariant result;
    bool finished = false;
  };

  Mutating(const MutateOptions& options, const Project& project, std::vector<Task> tasks, Progress& progress)
      : options_(options), project_(project), slots_(options.jobs), progress_(progress), tasks_(std::move(tasks)) {
    for (int i = 0; i <= options.jobs; ++i) workers_.emplace_back([this] { Work(); });
  }
  ~Mutating() {
    for (std::thread& worker : workers_) worker.join();
  }
  Mutating(const Mutating&) = delete;
  Mutating& operator=(const Mutating&) = delete;

  // Passes on the results in the order of the tasks, each as soon as it is available.
  void ForEachResult(const std::function<void(MutatedVariant)>& use) {
    for (Task& task : tasks_) {
      mutex_.LockWhen(absl::Condition(&task.finished));
      mutex_.Unlock();
      if (InterruptRequested()) return;
      progress_.With([&] { use(std::move(task.result)); });
    }
  }

 private:
  void Work() {
    for (;;) {
      Task* task = nullptr;
      {
        const absl::MutexLock lock(&mutex_);
        while (next_ < tasks_.size() && tasks_[next_].finished) ++next_;
        if (next_ == tasks_.size()) return;
        task = &tasks_[next_++];
      }
      if (!InterruptRequested())
        task->result = MutateVariant(options_, project_, *task->lab, task->variant, folder_.path(), slots_, progress_);
      const absl::MutexLock lock(&mutex_);
      task->finished = true;
    }
  }

  const MutateOptions& options_;
  const Project& project_;
  Slots slots_;
  SharedProgress progress_;
  const TemporaryFolder folder_;
  absl::Mutex mutex_;
  std::vector<Task> tasks_;  // The workers fill in what is not finished.
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::thread> workers_;
};

std::vector<MutatedVariant> MutateLabs(const MutateOptions& options, Progress& progress) {
  Everything all;
  if (!options.lab.empty()) all.labs = {Require(FindLab(all.labs, options.lab))};
  std::vector<Mutating::Task> tasks;
  std::vector<std::string> targets;
  for (const Lab& lab : all.labs) {
    for (const std::string& variant : VariantsOf(lab, options)) {
      tasks.push_back({&lab, variant, {}});
      targets.push_back(TestTarget(lab, variant));
    }
  }
  const BuildFailures failures =
      Require(Build(all.project, ThreadSanitizerPreset(options.compiler), targets, progress));
  BuildInterleaveRuntime(all.project, progress);
  for (Mutating::Task& task : tasks) {
    const auto failed = failures.find(TestTarget(*task.lab, task.variant));
    if (failed == failures.end()) continue;
    task.result.lab = task.lab->name;
    task.result.variant = task.variant;
    task.result.failure = FirstErrors(failed->second, 1);
    task.finished = true;
  }
  std::vector<MutatedVariant> results;
  {
    Mutating mutating(options, all.project, std::move(tasks), progress);
    mutating.ForEachResult([&](MutatedVariant result) {
      results.push_back(std::move(result));
      if (options.json) return;
      progress.Clear();
      std::fputs(Text(results.back(), all.project.root.string()).c_str(), stdout);
      std::fflush(stdout);
    });
  }
  ExitIfInterrupted();
  return results;
}

void MutateCommand(const MutateOptions& options) {
  if (!options.program.empty() && !options.lab.empty()) {
    std::fputs("racelab: name a lab, or a program after `--`, not both\n", stderr);
    Exit(kMisuse);
  }
  Progress progress;
  std::vector<MutatedVariant> results;
  if (options.program.empty()) {
    results = MutateLabs(options, progress);
  } else {
    const Project project = Require(FindProjectOrInstallation());
    BuildInterleaveRuntime(project, progress);
    SharedProgress shared(progress);
    results.push_back(MutateProgram(options, project, shared));
    ExitIfInterrupted();
    progress.Clear();
    if (!options.json) std::fputs(Text(results.back(), "").c_str(), stdout);
  }
  progress.Clear();
  if (options.json) {
    std::puts(Written(Json(results)).c_str());
  } else {
    std::printf("%s\n", ClosingLine(results).c_str());
  }
  if (const ExitCode code = CodeOf(results); code != kRight) Exit(code);
}

}  // namespace

void AddMutate(CLI::App& racelab, std::vector<std::string> program) {
  auto options = std::make_shared<MutateOptions>();
  options->program = std::move(program);
  CLI::App* command =
      racelab.add_subcommand("mutate", "Make a lab's fixes, or your own program, a little worse: do the tests notice?");
  command->add_option("LAB", options->lab, "The lab; default: all labs");
  command->add_option("VARIANT", options->variant, "A fix: mutex, atomic, message, ...; mine; default: all fixes");
  command->add_option("--time", options->seconds, "The longest time for one scenario; default: 10")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 86400.0));
  command->add_option("-j,--jobs", options->jobs, "Mutants at once; default: one for each processor")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  command->add_option("--compiler", options->compiler, "Default: clang, if it is installed")
      ->check(CLI::IsMember({"clang", "gcc"}));
  command->add_flag("--brief", options->brief,
                    "Try a mutant that has a reason in lab.toml only briefly: most of the time is theirs");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "racelab mutate -- ./my_test mutates any program that `racelab explore` takes.\n"
      "Exits with 0 if every mutant is killed or has a reason, 1 if one survives, 2 for misuse,\n"
      "3 if nothing can be told of one.");
  command->callback([options] { MutateCommand(*options); });
}

}  // namespace racelab
