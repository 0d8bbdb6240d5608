// racelab check [LAB [VARIANT]]: judges the participant's repair once. Exits with 0 if it is solved, 1 if it is not, 2
// for misuse, 3 if the result is unknown.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "sanitizers/participant/attempt.h"
#include "sanitizers/participant/commands.h"
#include "sanitizers/participant/own_copy.h"
#include "sanitizers/participant/pager.h"
#include "sanitizers/participant/problems.h"
#include "sanitizers/participant/screens.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/report/exploration_json.h"

namespace racelab {
namespace {

// The time for finding an interleaving that shows the failure, once ThreadSanitizer has refuted a repair. Without this
// limit, a program that never reaches its tests would be explored for the total time of all of its scenarios.
constexpr absl::Duration kPatience = absl::Seconds(30);

struct CheckOptions {
  Choice choice;
  bool all = false;
  bool json = false;
  bool problems = false;
};

nlohmann::ordered_json ToJson(const Project& project, const Attempt& attempt) {
  nlohmann::ordered_json problems = nlohmann::ordered_json::array();
  for (const Problem& problem : ProblemsOf(project, attempt)) {
    problems.push_back(nlohmann::ordered_json{{"file", problem.file}, {"line", problem.line}, {"text", problem.text}});
  }
  const auto verdict = [](const Verification& verification) {
    return nlohmann::ordered_json{{"verdict", verification.done ? Name(verification.judgement.verdict) : "stopped"},
                                  {"reason", verification.judgement.reason},
                                  {"evidence", verification.judgement.evidence}};
  };
  const std::string_view result = attempt.IsSolved() ? "solved" : attempt.CannotTell() ? "cannot tell" : "not solved";
  return {{"track", attempt.lab->track},   {"lab", attempt.lab->name},
          {"variant", attempt.variant},    {"result", result},
          {"seconds", attempt.seconds},    {"compile_errors", attempt.compile_errors},
          {"evasion", attempt.evasion},    {"problems", problems},
          {"tsan", verdict(attempt.tsan)}, {"interleave", verdict(attempt.interleave)}};
}

std::vector<Lab> LabsToCheck(const Everything& all, const CheckOptions& options) {
  if (!options.all) return {ChosenLab(all, options.choice)};
  std::vector<Lab> labs;
  for (const Lab& lab : all.labs) {
    if (!lab.HasOwn()) continue;
    labs.push_back(lab);
    labs.back().called = lab.ShownName();
  }
  if (labs.empty()) {
    std::fputs("racelab: you have not begun a lab yet; `racelab start` begins the first one\n", stderr);
    Exit(kMisuse);
  }
  return labs;
}

void Check(const CheckOptions& options) {
  const Everything all;
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  bool refuted = false, untold = false;
  Progress progress;
  BuildInterleaveRuntime(all.project, progress);
  for (Lab& lab : LabsToCheck(all, options)) {
    const std::string variant = ChosenVariant(lab, options.choice);
    const Attempt attempt =
        Require(Judge(all.project, lab, variant, std::stop_token(), kPatience,
                      [&](const std::string& what) { progress.Show(absl::StrCat(lab.called, ": ", what)); }));
    progress.Clear();
    refuted |= !attempt.IsSolved() && !attempt.CannotTell();
    untold |= attempt.CannotTell();
    const bool is_own = variant == kMineVariant;
    const bool is_new = is_own && attempt.IsSolved() && !lab.solved;
    if (is_own) NoteAttempt(all.project, attempt);
    if (options.json) {
      results.push_back(ToJson(all.project, attempt));
      continue;
    }
    const bool why_follows = is_new && !options.all;
    std::string text = AttemptScreen(all.project, attempt, SizeOfScreen(), why_follows);
    if (why_follows) absl::StrAppend(&text, "\n", WhyScreen(all.project, all.labs, lab, SizeOfScreen()));
    if (options.problems) {
      absl::StrAppend(&text, "\n", ProblemsText(all.project, attempt));
      std::fputs(text.c_str(), stdout);
      continue;
    }
    PrintPaged(text);
  }
  if (options.json) std::puts(Written(nlohmann::ordered_json{{"version", 1}, {"labs", results}}).c_str());
  if (refuted) Exit(kWrong);
  if (untold) Exit(kCannotTell);
}

}  // namespace

void AddCheck(CLI::App& racelab) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = racelab.add_subcommand("check", "The verdict on your repair: is the lab solved?");
  AddChoice(command, options->choice);
  command->add_flag("--all", options->all, "Every lab that you have begun");
  command->add_flag("--json", options->json, "Print JSON");
  command->add_flag("--problems", options->problems,
                    "Also each place in your class, on a line of its own, for editors: FILE:LINE: error: TEXT");
  command->footer("Exits with 0 if it is solved, 1 if it is not, 2 for misuse, 3 if nobody can tell.");
  command->callback([options] { Check(*options); });
}

}  // namespace racelab
