// racelab explore: every interleaving of a lab's tests, or of any program built with -fsanitize=thread.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/exploration_run.h"
#include "sanitizers/racelab/interleaving_table.h"
#include "sanitizers/racelab/program_input.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/racelab/verification.h"
#include "sanitizers/report/exploration_json.h"
#include "sanitizers/report/quantity.h"
#include "sanitizers/verdict/interleave_run.h"
#include "sanitizers/verdict/interrupt.h"
#include "sanitizers/verdict/judge_exploration.h"

namespace racelab {
namespace {

struct Options {
  std::string lab;
  std::vector<std::string> program;  // After `--`.
  std::string fix = std::string(kLabVariant);
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
  bool json = false;
};

constexpr size_t kLongestSchedule = 400;  // That is printed.
constexpr double kMostIdleSeconds = 60;   // Of a lab's tests, outside of their scenarios.

struct Shard {
  int index = 0;  // From 0.
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

std::string SearchText(const Options& options) {
  if (!options.replay.empty()) return absl::StrCat("replay:", options.replay);
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
std::vector<std::string> Program(const Options& options, const Project& project, Progress& progress) {
  if (options.lab.empty()) return options.program;
  const std::vector<Lab> labs = Require(LoadLabs(project));
  const Lab lab = Require(FindLab(labs, options.lab));
  const std::string variant = Require(FindVariant(lab, options.fix));
  const std::string preset = ThreadSanitizerPreset(options.compiler);
  const BuildFailures failures = Require(Build(project, preset, {TestTarget(lab, variant)}, progress));
  if (!failures.empty()) {
    progress.Clear();
    std::fprintf(stderr, "racelab: %s, variant %s, does not compile:\n%s\n", lab.name.c_str(), variant.c_str(),
                 FirstErrors(failures.begin()->second, 30).c_str());
    Exit(kWrong);
  }
  std::vector<std::string> program = {(project.Tree(preset) / "bin" / lab.name / (variant + "_test")).string()};
  if (!options.test.empty()) program.push_back(absl::StrCat("--gtest_filter=", options.test));
  return program;
}

// Replaces this process by a debugger that runs the program in the given interleaving.
[[noreturn]] void Debug(const std::vector<std::string>& program, InterleaveOptions options) {
  options.minimise = false;
  options.show_output = true;
  // The runtime catches first writes to saved pages, a tick a second, and system calls, by signals.
  std::vector<std::string> argv = {"gdb", "-q",
                                   "-ex", "handle SIGSEGV nostop noprint pass",
                                   "-ex", "handle SIG62 nostop noprint pass",
                                   "-ex", "handle SIGSYS nostop noprint pass"};
  for (const auto& [name, value] : InterleaveEnvironment(options, /*report=*/"")) {
    argv.insert(argv.end(), {"-ex", absl::StrCat("set environment ", name, " ", value)});
  }
  argv.push_back("--args");
  argv.insert(argv.end(), program.begin(), program.end());
  std::vector<char*> pointers;
  for (std::string& argument : argv) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  execvp("gdb", pointers.data());
  std::fputs("racelab: cannot start gdb; is it installed?\n", stderr);
  Exit(kMisuse);
}

// As a shell reads it.
std::string Quoted(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("_-./=:,+@%", c);
  });
  return plain ? word : absl::StrCat("'", absl::StrReplaceAll(word, {{"'", "'\\''"}}), "'");
}

std::string ReplayCommand(const Options& options, const Exploration& exploration, const InterleavingFailure& failure) {
  if (options.lab.empty()) {
    std::string command = absl::StrCat("racelab explore --replay ", failure.schedule, " --");
    for (const std::string& word : options.program) absl::StrAppend(&command, " ", Quoted(word));
    return command;
  }
  return absl::StrCat("racelab explore ", options.lab,
                      options.fix == kLabVariant ? "" : absl::StrCat(" --fix ", options.fix),
                      options.compiler.empty() ? "" : absl::StrCat(" --compiler ", options.compiler), " --test ",
                      exploration.scenario, " --replay ", failure.schedule);
}

// Both stacks of a data race, as far as they are the program's own.
void PrintAccesses(const InterleavingFailure& failure) {
  std::puts("");
  for (const RacingAccess& access : failure.accesses) {
    std::printf("      T%d: %s\n", access.thread, access.access.c_str());
    for (const Frame& frame : access.stack.frames) {
      const Stack alone = {.role = StackRole::kAccess, .description = "", .frames = {frame}};
      if (frame.file.empty() || frame.line == 0 || Site(alone) == nullptr) continue;
      const std::string file = frame.file.substr(frame.file.rfind('/') + 1);
      const std::string function = QualifiedName(frame.function);
      std::printf("        %s:%d%s\n", file.c_str(), frame.line,
                  absl::EndsWith(function, "::TestBody") ? "" : absl::StrCat("  ", function).c_str());
    }
  }
}

void PrintFailure(const Options& options, const Exploration& exploration, const InterleavingFailure& failure,
                  const std::string& directory) {
  const std::string what = absl::StrReplaceAll(Explain(failure), {{absl::StrCat(directory, "/"), ""}});
  std::printf("    %s\n", Paint(Colour::kRed, Wrap(what, 76, 6)).c_str());
  if (failure.accesses.size() == 2) PrintAccesses(failure);
  const std::string table = InterleavingTable(failure, directory);
  if (!table.empty()) std::printf("\n%s", table.c_str());
  if (!failure.schedule.empty() && failure.schedule.size() < kLongestSchedule) {
    std::printf("\n    again, or with --gdb:\n    %s\n",
                Wrap(ReplayCommand(options, exploration, failure), 76, 6).c_str());
  }
  std::printf("\n");
}

std::string Bounds(const Exploration& exploration) {
  std::string text;
  if (exploration.collapsed_spins)
    text += " (of a loop that keeps reading the same values, only the first rounds are explored)";
  if (exploration.skipped_timeouts) text += " (of each thread's time-outs, the first two may come at any moment)";
  return text;
}

// "all 328 interleavings hold", or in which one it fails.
std::string Finding(const Exploration& exploration, const Shard& shard) {
  if (!exploration.failures.empty()) {
    return absl::StrCat("fails in interleaving ",
                        Quantity(std::max<std::uint64_t>(1, exploration.failures.back().found_after)));
  }
  std::string_view rest;
  std::string covered = Coverage(exploration);
  if (absl::EndsWith(covered, kThereAreMore)) {
    covered.resize(covered.size() - kThereAreMore.size());
    rest = kThereAreMore;
  }
  return absl::StrCat(covered, shard.count > 1 ? absl::StrCat(" of part ", shard.index + 1, "/", shard.count) : "",
                      exploration.executions == 1 ? " holds" : " hold", rest, Bounds(exploration));
}

void Print(const Options& options, const std::vector<Exploration>& explorations, const Shard& shard,
           const std::string& directory) {
  for (const Exploration& exploration : explorations) {
    const bool right = exploration.failures.empty();
    const std::string line = absl::StrCat(exploration.scenario, ": ", Finding(exploration, shard));
    std::printf("  %s %s\n",
                right ? Paint(Colour::kGreen, CheckMark()).c_str() : Paint(Colour::kRed, CrossMark()).c_str(),
                Wrap(line, 76, 6).c_str());
    for (const InterleavingFailure& failure : exploration.failures)
      PrintFailure(options, exploration, failure, directory);
  }
}

void PrintJson(const std::vector<Exploration>& explorations) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Exploration& exploration : explorations) json.push_back(ToJson(exploration));
  std::puts(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

void PrintClosingLine(const std::vector<Exploration>& explorations, size_t problems) {
  std::uint64_t interleavings = 0;
  size_t failed = problems;
  for (const Exploration& exploration : explorations) {
    interleavings += exploration.executions;
    failed += exploration.failures.empty() ? 0 : 1;
  }
  std::printf("explored: %zu scenario%s, %s interleaving%s, %zu failed\n", explorations.size(),
              explorations.size() == 1 ? "" : "s", Quantity(interleavings).c_str(), interleavings == 1 ? "" : "s",
              failed);
}

// What may have led to a problem of this kind.
std::string Advice(const Options& options, const std::string& problem) {
  if (options.lab.empty() && problem == "no scenario was explored")
    return "; is the program built with -fsanitize=thread and (by clang) -shared-libsan?";
  if (!options.test.empty() && problem == "0 tests ran")
    return absl::StrCat("; no test of ", options.lab, " matches ", Quoted(options.test));
  return "";
}

void ExploreCommand(const Options& options) {
  if (options.lab.empty() == options.program.empty()) {
    std::fputs("racelab: name a lab, or a program after `--`: racelab explore LAB, racelab explore -- ./my_test\n",
               stderr);
    Exit(kMisuse);
  }
  const Project project = Require(FindProject());
  const Shard shard = ParseShard(options.shard);
  Progress progress;
  ExplorationPlan plan;
  plan.options.runtime = InterleaveRuntime(project);
  plan.options.search = SearchText(options);
  plan.options.seed = options.seed;
  plan.options.executions = options.executions;
  plan.options.seconds = options.seconds;
  plan.options.all = options.all;
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

  const ExplorationOutcome outcome = RunExplorations(plan, progress);
  ExitIfInterrupted();
  if (options.json) {
    PrintJson(outcome.explorations);
  } else {
    Print(options, outcome.explorations, shard, project.root.string());
  }
  for (const std::string& problem : outcome.problems)
    std::fprintf(stderr, "racelab: %s%s\n", problem.c_str(), Advice(options, problem).c_str());
  if (!options.json) PrintClosingLine(outcome.explorations, outcome.problems.size());
  const bool all_hold = std::all_of(outcome.explorations.begin(), outcome.explorations.end(),
                                    [](const Exploration& exploration) { return exploration.failures.empty(); });
  if (!all_hold || !outcome.problems.empty()) Exit(kWrong);
}

}  // namespace

void AddExplore(CLI::App& racelab, std::vector<std::string> program) {
  auto options = std::make_shared<Options>();
  options->program = std::move(program);
  CLI::App* command =
      racelab.add_subcommand("explore", "Every interleaving of a lab's tests, or of a program of yours");
  command->add_option("LAB", options->lab, "The lab");
  command->add_option("--fix", options->fix,
                      "Its variant: mutex, atomic, message, ...; mine; by default the lab itself");
  command->add_option("--test", options->test, "Only the tests of this name, as for --gtest_filter");
  command
      ->add_option("--search", options->search,
                   "exhaustive; preemptions=N; random; pct: random priorities (good at deep bugs); full: exhaustive, "
                   "without reduction")
      ->type_name("SEARCH");
  command->add_option("--replay", options->replay, "Run this one interleaving")->type_name("SCHEDULE");
  command->add_flag("--gdb", options->gdb, "Replay under the debugger")->needs("--replay");
  command->add_flag("--all", options->all, "Do not stop at the first failure");
  command->add_option("--time", options->seconds, "For each scenario; by default 60; 0: no limit")
      ->type_name("SECONDS")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--executions", options->executions, "Of each scenario, at most")->type_name("N");
  command->add_option("--seed", options->seed, "Of a random search")->type_name("N");
  command->add_option("-j,--jobs", options->jobs, "Processes at once; by default one a processor")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  command->add_option("--shard", options->shard, "Of N machines, this is the I-th")->type_name("I/N");
  command->add_option("--compiler", options->compiler, "By default clang, where there is one")
      ->check(CLI::IsMember({"clang", "gcc"}));
  command->add_flag("--json", options->json, "As JSON");
  command->footer(
      "racelab explore [OPTIONS] -- PROGRAM [ARGUMENT...] explores any program that was built with -fsanitize=thread\n"
      "(by clang with -shared-libsan, too): its main(), whole.\n\nExits with 0 if every interleaving that was run "
      "holds, 1 if one fails, 2 for misuse.");
  command->callback([options] { ExploreCommand(*options); });
}

}  // namespace racelab
