#include "sanitizers/participant/problems.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sanitizers/participant/compile_errors.h"
#include "sanitizers/racelab/interleaving_table.h"
#include "sanitizers/report/certainty.h"
#include "sanitizers/verdict/judge_exploration.h"
#include "sanitizers/verdict/misconception.h"

namespace racelab {
namespace {

std::string Holding(const RacingAccess& access) {
  if (!access.knows_held) return "";
  std::vector<std::string> names;
  for (size_t i = 0; i < access.held.size(); ++i) {
    const bool named = i < access.held_names.size() && !access.held_names[i].empty();
    names.push_back(named ? access.held_names[i] : "a lock");
  }
  return names.empty() ? ", holding nothing" : absl::StrCat(", holding ", absl::StrJoin(names, " and "));
}

Problem ProblemAt(const Project& project, const Stack& stack, std::string text) {
  const Frame* frame = Site(stack);
  if (frame == nullptr || frame->file.empty()) return {};
  return {InShort(project, frame->file), frame->line, std::move(text)};
}

// Where no two accesses race: the steps in the participant's own class, each thread's first at each line. They show who
// came in between.
std::vector<Problem> OwnSteps(const Project& project, const Attempt& attempt, const InterleavingFailure& failure) {
  const std::string own = InShort(project, attempt.lab->HeaderOf(attempt.variant).string());
  std::vector<Problem> problems;
  std::set<std::pair<int, int>> seen;
  for (const InterleavingStep& step : failure.steps) {
    Problem problem = ProblemAt(project, step.stack,
                                absl::StrCat("step ", step.number, ": T", step.thread, " does ",
                                             WhatHappens(step, step.name.empty() ? step.object : step.name)));
    if (problem.file == own && seen.emplace(problem.line, step.thread).second) problems.push_back(std::move(problem));
  }
  return problems;
}

std::vector<Problem> ProblemsOf(std::string_view compile_errors) {
  std::vector<Problem> problems;
  for (CompileError& error : CompileErrors(compile_errors))
    problems.push_back({std::move(error.file), error.line, std::move(error.text)});
  return problems;
}

}  // namespace

ShownFailure MostTelling(const Attempt& attempt) {
  ShownFailure shown;
  for (const Exploration& exploration : attempt.interleave.explorations) {
    for (const InterleavingFailure& failure : exploration.failures) {
      if (CertaintyOf(failure) != Certainty::kFails) continue;
      if (shown.failure == nullptr || TellsMore(failure, *shown.failure)) shown = {&exploration, &failure};
    }
  }
  return shown;
}

std::vector<Problem> ProblemsOf(const Project& project, const InterleavingFailure& failure) {
  std::vector<Problem> problems;
  for (const RacingAccess& access : failure.accesses) {
    problems.push_back(ProblemAt(project, access.stack,
                                 absl::StrCat(access.access, failure.memory_name.empty() ? "" : " of ",
                                              failure.memory_name, " by T", access.thread, Holding(access))));
  }
  for (const WaitingThread& waiting : failure.waiting) {
    problems.push_back(ProblemAt(
        project, waiting.stack,
        absl::StrCat("T", waiting.thread, " waits for ever", waiting.name.empty() ? "" : " for ", waiting.name)));
  }
  std::erase_if(problems, [](const Problem& problem) { return problem.file.empty(); });
  return problems;
}

std::vector<Problem> ProblemsOf(const Project& project, const Report& report) {
  std::vector<Problem> problems;
  for (const NamedSite& site : NamedSites(report)) {
    if (site.frame == nullptr || site.frame->file.empty()) continue;
    problems.push_back(
        {InShort(project, site.frame->file), site.frame->line, absl::StrCat(report.headline, ", in ", site.name)});
  }
  return problems;
}

std::vector<Problem> ProblemsOf(const Project& project, const Attempt& attempt) {
  if (!attempt.compile_errors.empty()) return ProblemsOf(attempt.compile_errors);
  const ShownFailure shown = MostTelling(attempt);
  if (shown.failure != nullptr) {
    const InterleavingFailure* race = RaceBehind(*shown.failure, shown.exploration->failures);
    std::vector<Problem> problems = ProblemsOf(project, race == nullptr ? *shown.failure : *race);
    return problems.empty() ? OwnSteps(project, attempt, *shown.failure) : problems;
  }
  if (!attempt.tsan.judgement.reports.empty()) return ProblemsOf(project, attempt.tsan.judgement.reports.front());
  return {};
}

std::string ProblemsText(const Project& project, const Attempt& attempt) {
  const std::string own = InShort(project, attempt.lab->HeaderOf(attempt.variant).string());
  std::vector<Problem> problems = ProblemsOf(project, attempt);
  const auto is_elsewhere = [&own](const Problem& problem) { return problem.file != own; };
  if (!std::all_of(problems.begin(), problems.end(), is_elsewhere)) std::erase_if(problems, is_elsewhere);
  std::map<std::string, std::string> texts;  // by place
  for (const Problem& problem : problems) {
    std::string& text = texts[absl::StrCat(problem.file, ":", absl::Dec(problem.line, absl::kZeroPad5))];
    absl::StrAppend(&text, text.empty() ? absl::StrCat(problem.file, ":", problem.line, ": error: ") : "; ",
                    problem.text);
  }
  std::string lines;
  for (const auto& [place, text] : texts) absl::StrAppend(&lines, text, "\n");
  return lines;
}

}  // namespace racelab
