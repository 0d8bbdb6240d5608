// racelab explore: every interleaving of a lab's tests, or of any program built with -fsanitize=thread. Exits with 0 if
// every interleaving that was run holds, 1 if the program fails, 2 for misuse, 3 if it cannot tell (CodeOf).

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "sanitizers/process/deadline.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/exploration_run.h"
#include "sanitizers/racelab/exploration_screen.h"
#include "sanitizers/racelab/finding_files.h"
#include "sanitizers/racelab/findings_of.h"
#include "sanitizers/racelab/program_input.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/schedule_text.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/racelab/verification.h"
#include "sanitizers/report/certainty.h"
#include "sanitizers/report/exploration_json.h"
#include "sanitizers/report/quantity.h"
#include "sanitizers/verdict/interleave_run.h"

namespace racelab {
namespace {

struct ExploreOptions {
  std::string lab;
  std::vector<std::string> program;  // the words after `--`
  std::string variant = std::string(kLabVariant);
  std::string test;
  std::string search = "exhaustive";
  std::string replay;
  std::string compiler;
  std::string shard;
  double seconds = 60;
  std::uint64_t executions = 0;
  std::uint64_t seed = 1;
  int jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  bool gdb = false;
  bool all = false;
  bool no_spurious = false;
  bool no_addresses = false;
  int older_values = 0;
  bool full = false;
  bool json = false;
  FindingFiles files;
};

constexpr size_t kStepsOfScreen = 60;       // more than fit on one screen, so that there is a choice
constexpr double kSecondsOfBuilding = 0.5;  // of `--time`, for checking whether anything must be built
constexpr double kMostIdleSeconds = 60;     // that a lab's tests may spend outside their scenarios

struct Shard {
  int index = 0;  // from 0
  int count = 1;
};

Shard ParseShard(const std::string& text) {
  Shard shard;
  if (text.empty()) return shard;
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &shard.index) || !absl::SimpleAtoi(parts[1], &shard.count) ||
      shard.index < 1 || shard.index > shard.count) {
    std::fprintf(stderr, "racelab: --shard takes I/N, with I from 1 to N; not '%s'\n", text.c_str());
    Exit(kMisuse);
  }
  --shard.index;
  return shard;
}

std::string SearchText(const ExploreOptions& options) {
  if (!options.replay.empty()) return absl::StrCat("replay:", Require(ExpandSchedule(options.replay)));
  const std::vector<std::string> parts = absl::StrSplit(options.search, '=');
  int bound = 0;
  if (parts[0] == "preemptions" && parts.size() == 2 && absl::SimpleAtoi(parts[1], &bound) && bound >= 0) {
    return absl::StrCat("preemptions:", bound);
  }
  if (options.search == "exhaustive" || options.search == "random" || options.search == "pct" ||
      options.search == "full") {
    return options.search;
  }
  std::fprintf(stderr, "racelab: there is no search '%s': it is exhaustive, preemptions=N, random, pct or full\n",
               options.search.c_str());
  Exit(kMisuse);
}

// The program to run, with its arguments.
std::vector<std::string> Program(const ExploreOptions& options, const Project& project, Progress& progress) {
  if (options.lab.empty()) return options.program;
  const std::vector<Lab> labs = Require(LoadLabs(project));
  const Lab lab = Require(FindLab(labs, options.lab));
  const std::string variant = Require(FindVariant(lab, options.variant));
  const std::string preset = ThreadSanitizerPreset(options.compiler);
  RequireBuilt(project, preset, lab, variant, TestTarget(lab, variant), progress);
  std::vector<std::string> program = {TestProgram(project, preset, lab, variant)};
  if (!options.test.empty()) program.push_back(absl::StrCat("--gtest_filter=", options.test));
  return program;
}

// Replaces this process by a debugger that runs the program in the given interleaving.
[[noreturn]] void Debug(const std::vector<std::string>& program, InterleaveOptions options) {
  options.minimise = false;
  options.show_output = true;
  // The runtime uses signals to catch first writes to saved pages, a tick each second, and system calls.
  std::vector<std::string> argv = {"gdb", "-q",
                                   "-ex", "handle SIGSEGV nostop noprint pass",
                                   "-ex", "handle SIG62 nostop noprint pass",
                                   "-ex", "handle SIGSYS nostop noprint pass",
                                   "-ex", "set breakpoint pending on",
                                   "-ex", "break racelab_interleaving_failed"};
  for (const auto& [name, value] : InterleaveEnvironment(options, /*report=*/"")) {
    argv.insert(argv.end(), {"-ex", absl::StrCat("set environment ", name, " ", value)});
  }
  // At the failing step, the stack above the runtime's own functions is the program's.
  argv.insert(argv.end(), {"-ex", "run", "-ex", "backtrace"});
  argv.push_back("--args");
  argv.insert(argv.end(), program.begin(), program.end());
  std::vector<char*> pointers;
  for (std::string& argument : argv) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  execvp("gdb", pointers.data());
  std::fputs("racelab: cannot start gdb; is it installed?\n", stderr);
  Exit(kMisuse);
}

// Whether the failure's schedule reproduces it. It does not if the process was ended, or if runs differ.
bool CanBeReplayed(const InterleavingFailure& failure) {
  return failure.kind != "not deterministic" && (failure.threads > 0 || !failure.schedule.empty());
}

// The command that runs the interleaving of `failure` again.
std::vector<std::string> ReplayCommand(const ExploreOptions& options, const Exploration& exploration,
                                       const InterleavingFailure& failure) {
  std::vector<std::string> words = {"racelab", "explore"};
  const auto add = [&words](std::string_view option, const std::string& value) {
    words.emplace_back(option);
    words.push_back(Quoted(value));
  };
  if (!options.lab.empty()) words.push_back(options.lab);
  if (!options.lab.empty() && options.variant != kLabVariant) words.push_back(options.variant);
  if (!options.compiler.empty()) add("--compiler", options.compiler);
  if (!options.lab.empty()) add("--test", exploration.scenario);
  if (options.no_spurious) words.emplace_back("--no-spurious");
  if (options.no_addresses) words.emplace_back("--no-addresses");
  if (options.older_values > 0) add("--older-values", absl::StrCat(options.older_values));
  words.emplace_back("--replay");
  constexpr std::string_view kNoSteps = ":";  // it fails before any step that could be scheduled differently
  words.push_back(failure.schedule.empty() ? std::string(kNoSteps) : ScheduleArgument(failure.schedule));
  if (!options.program.empty()) words.emplace_back("--");
  for (const std::string& word : options.program) words.push_back(Quoted(word));
  return words;
}

void PrintJson(const ExploreOptions& options, const std::vector<Exploration>& explorations) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Exploration& exploration : explorations) {
    nlohmann::ordered_json one = ToJson(exploration);
    if (!options.shard.empty()) one["part"] = options.shard;  // "2/8": `racelab report` puts the parts together.
    for (size_t i = 0; i < exploration.failures.size(); ++i) {
      const InterleavingFailure& failure = exploration.failures[i];
      if (!CanBeReplayed(failure)) continue;
      one["failures"][i]["replay"] = absl::StrJoin(ReplayCommand(options, exploration, failure), " ");
    }
    json.push_back(std::move(one));
  }
  std::puts(Written(json).c_str());
}

void WriteFindings(const ExploreOptions& options, const ExplorationOutcome& outcome,
                   const std::filesystem::path& root) {
  const auto replay = [&options](const Exploration& exploration, const InterleavingFailure& failure) {
    return CanBeReplayed(failure) ? absl::StrJoin(ReplayCommand(options, exploration, failure), " ") : std::string();
  };
  Findings findings = FindingsOf(outcome, replay, root.string());
  findings.command = absl::StrCat("racelab explore ", options.lab.empty() ? "-- " : "",
                                  options.lab.empty() ? absl::StrJoin(options.program, " ") : options.lab);
  if (!options.lab.empty()) absl::StrAppend(&findings.command, " ", options.variant);
  if (!options.shard.empty()) absl::StrAppend(&findings.command, ", part ", options.shard);
  WriteFindingFiles(options.files, findings);
  if (options.files.github) std::fputs(GitHubAnnotations(findings).c_str(), stdout);
}

// The number of scenarios and processes with this result. Several processes that search one scenario at random, each by
// a seed of its own, are one.
size_t Count(const ExplorationOutcome& outcome, Certainty certainty) {
  std::set<std::string> scenarios;
  for (const Exploration& exploration : outcome.explorations) {
    if (CertaintyOf(exploration) == certainty) scenarios.insert(exploration.scenario);
  }
  const auto counts = [certainty](const ExplorationProblem& problem) {
    using Kind = ExplorationProblem::Kind;
    return (problem.kind == Kind::kFails && certainty == Certainty::kFails) ||
           (problem.kind == Kind::kCannotTell && certainty == Certainty::kCannotTell);
  };
  return scenarios.size() +
         static_cast<size_t>(std::count_if(outcome.problems.begin(), outcome.problems.end(), counts));
}

void PrintClosingLine(const ExplorationOutcome& outcome) {
  std::uint64_t interleavings = 0;
  std::set<std::string> scenarios;
  for (const Exploration& exploration : outcome.explorations) {
    interleavings += exploration.executions;
    scenarios.insert(exploration.scenario);
  }
  const size_t untold = Count(outcome, Certainty::kCannotTell);
  std::printf("explored: %zu scenario%s, %s interleaving%s, %zu failed%s\n", scenarios.size(),
              scenarios.size() == 1 ? "" : "s", Quantity(interleavings).c_str(), interleavings == 1 ? "" : "s",
              Count(outcome, Certainty::kFails),
              untold == 0 ? "" : absl::StrCat(", ", untold, " cannot be told").c_str());
}

// A possible reason for the problem.
std::string Advice(const ExploreOptions& options, const ExplorationProblem& problem) {
  constexpr std::string_view kNotLoaded = "status 127";  // the loader has already said why
  if (options.lab.empty() && absl::StartsWith(problem.text, "no scenario was explored") &&
      !absl::StrContains(problem.text, kNotLoaded))
    return "; is the program built with -fsanitize=thread and (for clang) -shared-libsan?";
  if (!options.test.empty() && problem.kind == ExplorationProblem::Kind::kNoTest)
    return absl::StrCat("; no test of ", options.lab, " matches ", Quoted(options.test));
  return "";
}

// A failure of the program takes precedence; next come the reasons for an unknown result.
ExitCode CodeOf(const ExplorationOutcome& outcome) {
  const auto any = [&outcome](ExplorationProblem::Kind kind) {
    return std::any_of(outcome.problems.begin(), outcome.problems.end(),
                       [kind](const ExplorationProblem& problem) { return problem.kind == kind; });
  };
  if (Count(outcome, Certainty::kFails) > 0) return kWrong;
  if (any(ExplorationProblem::Kind::kMisuse) || any(ExplorationProblem::Kind::kNoTest)) return kMisuse;
  return Count(outcome, Certainty::kCannotTell) > 0 ? kCannotTell : kRight;
}

// The time counts from `begin`, excluding compilation.
Deadline DeadlineOf(const ExploreOptions& options, double begin) {
  if (options.seconds == 0) return Deadline();
  return Deadline::At(std::max(begin, Deadline::Now() - kSecondsOfBuilding) + options.seconds);
}

void ExploreCommand(const ExploreOptions& options) {
  if (options.lab.empty() == options.program.empty()) {
    std::fputs("racelab: name a lab, or a program after `--`: racelab explore LAB, racelab explore -- ./my_test\n",
               stderr);
    Exit(kMisuse);
  }
  const double begin = Deadline::Now();
  const Project project = Require(options.lab.empty() ? FindProjectOrInstallation() : FindProject());
  const Shard shard = ParseShard(options.shard);
  Progress progress;
  ExplorationPlan plan;
  plan.options.runtime = InterleaveRuntime(project);
  plan.options.search = SearchText(options);
  plan.options.seed = options.seed;
  plan.options.executions = options.executions;
  plan.options.most_steps = options.full || options.json ? 0 : kStepsOfScreen;
  if (options.full) plan.options.most_steps_in_all = 0;
  plan.options.all = options.all;
  plan.options.spurious = !options.no_spurious;
  plan.options.addresses = !options.no_addresses;
  plan.options.older_values = options.older_values;
  plan.options.idle_seconds = options.gdb ? 0 : kMostIdleSeconds;
  plan.options.whole_program = options.lab.empty();
  plan.has_tests = !options.lab.empty();
  plan.argv = Program(options, project, progress);
  plan.directory = options.lab.empty() ? "" : project.root.string();
  if (options.lab.empty() && !options.gdb) plan.input = CopyOfInput();
  plan.jobs = options.jobs;
  plan.shard = shard.index;
  plan.shards = shard.count;
  BuildInterleaveRuntime(project, progress);
  progress.Clear();
  if (options.gdb) Debug(plan.argv, plan.options);

  plan.deadline = DeadlineOf(options, begin);
  const ExplorationOutcome outcome = RunExplorations(plan, progress);
  ExitIfInterrupted();
  if (options.json) {
    PrintJson(options, outcome.explorations);
  } else {
    ExplorationScreen screen;
    screen.directory = project.root.string();
    if (shard.count > 1) screen.part = absl::StrCat(" of part ", shard.index + 1, "/", shard.count);
    screen.full = options.full;
    screen.is_replay = !options.replay.empty();
    screen.replay = [&options](const Exploration& exploration, const InterleavingFailure& failure) {
      return CanBeReplayed(failure) ? ReplayCommand(options, exploration, failure) : std::vector<std::string>();
    };
    std::fputs(Text(screen, outcome.explorations).c_str(), stdout);
    std::fflush(stdout);
  }
  for (const ExplorationProblem& problem : outcome.problems)
    std::fprintf(stderr, "racelab: %s%s\n", problem.text.c_str(), Advice(options, problem).c_str());
  if (!options.json) PrintClosingLine(outcome);
  WriteFindings(options, outcome, options.lab.empty() ? std::filesystem::current_path() : project.root);
  if (const ExitCode code = CodeOf(outcome); code != kRight) Exit(code);
}

}  // namespace

void AddExplore(CLI::App& racelab, std::vector<std::string> program) {
  auto options = std::make_shared<ExploreOptions>();
  options->program = std::move(program);
  CLI::App* command =
      racelab.add_subcommand("explore", "Run every interleaving of a lab's tests, or of your own program");
  command->add_option("LAB", options->lab, "The lab");
  command->add_option("VARIANT", options->variant,
                      "The lab's variant: mutex, atomic, message, ...; mine; default: the lab itself");
  command->add_option("--test", options->test, "Only the tests that match, as for --gtest_filter");
  command
      ->add_option("--search", options->search,
                   "exhaustive; preemptions=N; random; pct: random priorities (good at deep bugs); full: exhaustive, "
                   "without reduction")
      ->type_name("SEARCH");
  command
      ->add_option("--replay", options->replay, "Run this one interleaving, as printed; @./FILE: read it from a file")
      ->type_name("SCHEDULE");
  command->add_flag("--gdb", options->gdb, "Replay under the debugger")->needs("--replay");
  command->add_flag("--all", options->all, "Do not stop at the first failure");
  command
      ->add_option("--time", options->seconds,
                   "For all scenarios together, including the output but not compiling; default: 60; 0: no limit")
      ->type_name("SECONDS")
      ->check([](const std::string& text) {
        double seconds = 0;
        const bool is_time = absl::SimpleAtod(text, &seconds) && seconds >= 0 && std::isfinite(seconds);
        return is_time ? "" : absl::StrCat("'", text, "' is no number of seconds");
      });
  command
      ->add_option("--executions", options->executions,
                   "The most interleavings for each scenario, over all processes; 0: no limit")
      ->type_name("N")
      ->check([](const std::string& text) {
        std::uint64_t number = 0;
        return absl::SimpleAtoi(text, &number) ? "" : absl::StrCat("'", text, "' is no number of executions");
      });
  command->add_option("--seed", options->seed, "The seed of a random search")->type_name("N");
  command->add_option("-j,--jobs", options->jobs, "Processes at once; default: one for each processor")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  command->add_option("--shard", options->shard, "This machine is the I-th of N")->type_name("I/N");
  command->add_option("--compiler", options->compiler, "Default: clang, if it is installed")
      ->check(CLI::IsMember({"clang", "gcc"}));
  command->add_flag("--no-spurious", options->no_spurious,
                    "No condition variable wakes, and no weak compare-exchange fails, without cause");
  command->add_flag("--no-addresses", options->no_addresses,
                    "Always hand out a freed block next; by default, both ways are tried");
  command
      ->add_option("--older-values", options->older_values,
                   "So many loads of an execution may return an older value, as far as their memory orders permit it")
      ->type_name("N")
      ->check(CLI::Range(0, 16));
  command->add_flag("--full", options->full,
                    "Show every failure with all of its steps, not only what fits on one screen");
  command->add_flag("--json", options->json, "Print JSON");
  AddFindingFiles(*command, options->files, "--json-findings");
  command->get_option("--github")->excludes("--json");
  command->footer(
      "racelab explore [OPTIONS] -- PROGRAM [ARGUMENT...] explores any program that was built with -fsanitize=thread\n"
      "(clang also needs -shared-libsan): its whole main().\n\n"
      "Exits with 0 if every interleaving that was run holds, 1 if the program fails in one, 2 for misuse, 3 if it "
      "cannot tell:\nthe program uses something that is not supported, is not deterministic, or was cut off before "
      "there was a result. --json uses the same exit codes.");
  command->callback([options] { ExploreCommand(*options); });
}

}  // namespace racelab
