#include "sanitizers/verdict/interleave_run.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "sanitizers/process/deadline.h"
#include "sanitizers/symbols/instrumentation.h"
#include "sanitizers/symbols/object_names.h"
#include "sanitizers/symbols/symbolise.h"
#include "sanitizers/verdict/known_defects.h"
#include "sanitizers/verdict/strong_compare_exchange.h"
#include "sanitizers/verdict/telling_steps.h"

namespace racelab {
namespace {

constexpr int kMostRounds = 8;         // of a search that finds formal defects of a library
constexpr double kLeastSeconds = 0.5;  // for each round
constexpr size_t kMostHungTests = 3;   // tests left out so that the others can be explored

// An unnamed file for the report of one run: nothing is left behind, even if this process is killed.
class ReportFile {
 public:
  ReportFile() : file_(memfd_create("racelab report", MFD_CLOEXEC)) {
    if (file_ < 0) error_ = absl::StrCat("cannot make a file for the report of the run: ", std::strerror(errno));
  }
  ~ReportFile() {
    if (file_ >= 0) close(file_);
  }
  ReportFile(const ReportFile&) = delete;
  ReportFile& operator=(const ReportFile&) = delete;

  const std::string& error() const { return error_; }
  // Valid for other processes as long as this one lives.
  std::string path() const { return absl::StrCat("/proc/", getpid(), "/fd/", file_); }
  std::string Text() const {
    std::ifstream file(path(), std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return std::move(text).str();
  }

 private:
  int file_;
  std::string error_;
};

std::string OptionsText(const InterleaveOptions& options) {
  std::string text = absl::StrCat("search=", options.search, ",seed=", options.seed);
  if (options.shards > 1) absl::StrAppend(&text, ",shard=", options.shard, "/", options.shards);
  if (options.executions > 0) absl::StrAppend(&text, ",executions=", options.executions);
  if (options.seconds > 0) absl::StrAppend(&text, ",seconds=", options.seconds);
  if (options.total_seconds > 0) absl::StrAppend(&text, ",total=", options.total_seconds);
  if (options.deadline > 0) absl::StrAppend(&text, absl::StrFormat(",deadline=%.3f", options.deadline));
  if (options.all) absl::StrAppend(&text, ",all=1");
  if (!options.spurious) absl::StrAppend(&text, ",spurious=0");
  if (!options.addresses) absl::StrAppend(&text, ",addresses=0");
  if (options.whole_program) absl::StrAppend(&text, ",whole=1");
  if (options.outcomes) absl::StrAppend(&text, ",outcomes=1");
  if (!options.minimise) absl::StrAppend(&text, ",minimise=0");
  if (options.show_output) absl::StrAppend(&text, ",show_output=1");
  if (options.idle_seconds > 0) absl::StrAppend(&text, ",idle=", std::ceil(options.idle_seconds));
  if (options.first) absl::StrAppend(&text, ",first=1");
  if (options.pause) absl::StrAppend(&text, ",pause=1");
  if (options.sites) absl::StrAppend(&text, ",sites=1");
  if (!options.mutation.empty()) absl::StrAppend(&text, ",mutate=", options.mutation);
  if (options.older_values > 0) absl::StrAppend(&text, ",older_values=", options.older_values);
  for (const std::string& race : options.known_races) absl::StrAppend(&text, ",known_race=", race);
  return text;
}

std::string LibraryPath(const std::string& runtime) {
  const char* users = std::getenv("LD_LIBRARY_PATH");
  return users == nullptr || *users == '\0' ? runtime : absl::StrCat(runtime, ":", users);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> InterleaveEnvironment(const InterleaveOptions& options,
                                                                       const std::string& report) {
  return {{"LD_LIBRARY_PATH", LibraryPath(options.runtime)},
          {"LD_BIND_NOW", "1"},  // otherwise each execution would look up its functions anew
          {"RACELAB_INTERLEAVE", OptionsText(options)},
          {"RACELAB_INTERLEAVE_REPORT", report}};
}

InterleaveResult ReadInterleaveRun(const ChildResult& child, std::string_view report) {
  InterleaveResult result;
  result.child = ReadTestRun(child);
  ParsedExplorations parsed = ParseExplorations(report);
  result.runtime = parsed.end;
  result.runtimes_words = std::move(parsed.words);
  result.explorations = std::move(parsed.explorations);
  result.problem = std::move(parsed.problem);
  return result;
}

std::vector<std::string> ResolveRun(InterleaveResult& run, const InterleaveOptions& options,
                                    const std::string& directory) {
  // Objects in a mutant's difference get their names like those in a failure.
  for (Exploration& exploration : run.explorations) {
    if (exploration.difference) exploration.failures.push_back(*std::move(exploration.difference));
  }
  const FramesOfPlaces frames = Symbolise(Places(run.explorations), directory);
  std::vector<std::string> known_races = NoteKnownDefects(run.explorations, frames);
  NoteStrongCompareExchanges(run.explorations, frames);
  if (options.most_steps_in_all > 0) LimitSteps(run.explorations, frames, options.most_steps_in_all);
  if (options.most_steps > 0) KeepTellingSteps(run.explorations, frames, options.most_steps);
  NameObjects(run.explorations, frames, directory);
  Resolve(run.explorations, frames);
  for (Exploration& exploration : run.explorations) {
    if (!exploration.difference) continue;
    exploration.difference = std::move(exploration.failures.back());
    exploration.failures.pop_back();
  }
  return known_races;
}

namespace {

void NoteUnseenLocals(std::vector<Exploration>& explorations, const std::string& program) {
  const bool share = std::any_of(explorations.begin(), explorations.end(),
                                 [](const Exploration& exploration) { return exploration.shared_stacks; });
  if (!share || !LeavesOutLocals(program)) return;
  for (Exploration& exploration : explorations) exploration.unseen_locals = exploration.shared_stacks;
}

void NoteUnseenCopies(std::vector<Exploration>& explorations, const std::string& program) {
  if (explorations.empty() || !LeavesOutCopies(program)) return;
  for (Exploration& exploration : explorations) exploration.unseen_copies = true;
}

InterleaveResult RunOnce(ChildSpec spec, const InterleaveOptions& options, std::vector<std::string>& known_races) {
  InterleaveResult result;
  const ReportFile report;
  if (!report.error().empty()) {
    result.child.end = ChildEnd::kNotStarted;
    result.child.note = result.problem = report.error();
    return result;
  }
  for (auto& variable : InterleaveEnvironment(options, report.path())) spec.environment.push_back(std::move(variable));
  result = ReadInterleaveRun(RunChild(spec), report.Text());
  NoteUnseenLocals(result.explorations, spec.argv.front());
  NoteUnseenCopies(result.explorations, spec.argv.front());
  if (options.resolve) known_races = ResolveRun(result, options, spec.directory);
  return result;
}

// Puts the notes of an earlier run of the same scenario before the failures of the later run.
void AddNotes(std::vector<Exploration>& explorations, const std::vector<Exploration>& earlier) {
  for (Exploration& exploration : explorations) {
    for (const Exploration& candidate : earlier) {
      if (candidate.scenario != exploration.scenario) continue;
      std::vector<InterleavingFailure> notes;
      std::copy_if(candidate.failures.begin(), candidate.failures.end(), std::back_inserter(notes),
                   [](const InterleavingFailure& failure) { return failure.is_note; });
      exploration.failures.insert(exploration.failures.begin(), notes.begin(), notes.end());
    }
  }
}

// A search treats a formal defect of a library like a race of the program. So it is run again without this defect, with
// its remaining time and executions.
InterleaveResult RunPastKnownDefects(ChildSpec spec, const InterleaveOptions& options) {
  const double start = Deadline::Now();
  const absl::Duration limit = spec.limits.time;
  InterleaveOptions now = options;
  std::vector<std::string> known_races;
  InterleaveResult result = RunOnce(spec, now, known_races);
  for (int round = 0; round < kMostRounds && !known_races.empty() && !absl::StartsWith(options.search, "replay:");
       ++round) {
    now.known_races.insert(now.known_races.end(), known_races.begin(), known_races.end());
    const double spent = Deadline::Now() - start;
    if (options.seconds > 0) now.seconds = std::max(options.seconds - spent, kLeastSeconds);
    if (options.executions > 0) {
      for (const Exploration& exploration : result.explorations)
        now.executions -= std::min(now.executions - 1, exploration.executions + exploration.sleep_set_blocked);
    }
    spec.limits.time = limit - absl::Seconds(spent);
    InterleaveResult again = RunOnce(spec, now, known_races);
    AddNotes(again.explorations, result.explorations);
    if (again.explorations.empty()) again.explorations = std::move(result.explorations);
    result = std::move(again);
  }
  return result;
}

// Whether a test hung outside of the scenarios: its threads are real there, and may hang in one run in a thousand.
bool HungOutside(const InterleaveResult& result) {
  const bool hung = result.child.end == ChildEnd::kDeadlock || result.child.end == ChildEnd::kStandstill ||
                    result.runtime == RuntimesEnd::kTestsHung;
  return hung && !result.child.tests.running_test.empty();
}

// Excludes these tests in addition to those that are already excluded.
std::string FilterWithout(const ChildSpec& spec, const std::vector<std::string>& tests) {
  constexpr std::string_view kFlag = "--gtest_filter=";
  std::string filter = "*";
  for (const auto& [variable, value] : spec.environment) {
    if (variable == "GTEST_FILTER") filter = value;
  }
  for (const std::string& argument : spec.argv) {
    if (absl::StartsWith(argument, kFlag)) filter = argument.substr(kFlag.size());
  }
  return absl::StrCat(kFlag, filter, absl::StrContains(filter, '-') ? ":" : "-", absl::StrJoin(tests, ":"));
}

}  // namespace

// A test that hangs ends the process. The tests after it are explored in another process: their results must not depend
// on whether this test happened to hang. (If the first failure of any kind ends the search, the hang is that failure.)
InterleaveResult RunUnderInterleave(ChildSpec spec, const InterleaveOptions& options) {
  const double start = Deadline::Now();
  InterleaveResult result = RunPastKnownDefects(spec, options);
  std::vector<std::string> hung;
  InterleaveResult rest;
  for (const InterleaveResult* last = &result; !options.first && HungOutside(*last) && hung.size() < kMostHungTests;
       last = &rest) {
    hung.push_back(last->child.tests.running_test);
    ChildSpec others = spec;
    others.argv.push_back(FilterWithout(spec, hung));
    others.limits.time -= absl::Seconds(Deadline::Now() - start);
    rest = RunPastKnownDefects(std::move(others), options);
    if (rest.explorations.size() >= result.explorations.size()) result.explorations = rest.explorations;
  }
  return result;
}

}  // namespace racelab
