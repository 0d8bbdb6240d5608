// The participant's loop as a participant goes through it: real files, real compilers, real verdicts.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sanitizers/process/child.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr char kMine[] = "workspace/forgetful_counter/hit_counter.h";
constexpr char kOriginal[] = "labs/data_races/lost_update/hit_counter.h";
constexpr char kSolution[] = "solutions/data_races/lost_update/mutex/hit_counter.h";

class LoopTest : public testing::Test {
 protected:
  ChildResult Racelab(std::vector<std::string> arguments) const { return scratch_.Racelab(std::move(arguments)); }
  nlohmann::json CheckJson(std::vector<std::string> arguments, int exit_code) const {
    arguments.insert(arguments.begin(), {"check", "--json"});
    const ChildResult result = Racelab(std::move(arguments));
    EXPECT_EQ(result.exit_code, exit_code) << result.out << result.err;
    return nlohmann::json::parse(result.out).at("labs").at(0);
  }

  const ScratchProject scratch_{ScratchProject::Checkout::kUsed};
};

TEST_F(LoopTest, ShowsTheWayFromNothing) {
  EXPECT_THAT(Racelab({}).out, AllOf(HasSubstr(" labs, 0 of them solved"), HasSubstr("racelab start flight_recorder")));
  for (const char* command : {"check", "hint", "diff", "reset", "watch", "step", "report"}) {
    const ChildResult result = Racelab({command});
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_THAT(result.err, HasSubstr("`racelab start` begins the first one")) << command;
  }
  EXPECT_THAT(Racelab({"show", "flight_recorder"}).out, Not(HasSubstr("takes them back")));
  EXPECT_THAT(Racelab({"show", "deaf_worker"}).out, HasSubstr("labs/data_races/plain_stop_flag takes them back"));
  EXPECT_THAT(Racelab({"start"}).out, HasSubstr("workspace/flight_recorder/flight_recorder.h is yours to repair"));
  EXPECT_THAT(Racelab({}).out, HasSubstr("You are at flight_recorder"));
}

TEST_F(LoopTest, SaysHowTheShellFindsIt) {
  ChildSpec spec = RacelabCommand({}, scratch_.project().root.string());
  spec.environment = {{"PATH", "/nowhere:/usr/bin"}};
  EXPECT_THAT(RunChild(spec).out, HasSubstr("\n  export PATH=" RACELAB_BUILD_DIR "/bin:$PATH\n"));
  spec.environment = {{"PATH", "/nowhere:" RACELAB_BUILD_DIR "/bin"}};
  EXPECT_THAT(RunChild(spec).out, Not(HasSubstr("export PATH")));
}

TEST_F(LoopTest, GoesFromStartToSolved) {
  EXPECT_EQ(Racelab({"start", "forgetful_counter"}).exit_code, 0);
  EXPECT_EQ(scratch_.Read(kMine), scratch_.Read(kOriginal));

  const ChildResult wrong = Racelab({"check"});
  EXPECT_EQ(wrong.exit_code, 1) << wrong.err;
  EXPECT_THAT(wrong.out, AllOf(HasSubstr("forgetful_counter is not solved yet"),
                               HasSubstr("Broken promise: HitCounter keeps both of two simultaneous hits"),
                               HasSubstr("both holding nothing"), HasSubstr("next: racelab hint forgetful_counter")));
  EXPECT_THAT(wrong.out, Not(HasSubstr("mutex")));
  const nlohmann::json json = CheckJson({}, 1);
  EXPECT_EQ(json.at("result"), "not solved");
  EXPECT_EQ(json.at("problems").at(0).at("file"), kMine);
  EXPECT_THAT(Racelab({"report"}).out, AllOf(HasSubstr("data race"), HasSubstr("++total_"), HasSubstr("by thread T")));

  EXPECT_THAT(Racelab({"hint"}).out, AllOf(HasSubstr("hint 1:"), Not(HasSubstr("hint 2:"))));
  EXPECT_THAT(Racelab({"hint"}).out, HasSubstr("hint 2:"));
  EXPECT_EQ(Racelab({"hint", "forgetful_counter", "--number", "4"}).exit_code, 2);
  EXPECT_EQ(Racelab({"solution"}).exit_code, 1);

  scratch_.Replace(kMine, "++total_", "++totl_");
  const ChildResult broken = Racelab({"check"});
  EXPECT_EQ(broken.exit_code, 1);
  EXPECT_THAT(broken.out,
              AllOf(HasSubstr("does not compile"), HasSubstr(absl::StrCat(kMine, ":")), HasSubstr("totl_")));

  // In a test that is no scenario.
  scratch_.Write(kMine, scratch_.Read(kOriginal));
  scratch_.Replace(kMine, "return total_;", "return *nowhere_;");
  scratch_.Replace(kMine, "total_ = 0;", "total_ = 0;\n  const std::int64_t* nowhere_ = nullptr;");
  const ChildResult crashing = Racelab({"check"});
  EXPECT_EQ(crashing.exit_code, 1);
  EXPECT_THAT(crashing.out, AllOf(HasSubstr("killed by SIGSEGV in HitCounter.StartsAtZero, at HitCounter::Total"),
                                  HasSubstr("(hit_counter.h:15)")));

  scratch_.Write(kMine,
                 absl::StrCat("#define QUIET __attribute__((no_sanitize(\"thread\")))\n", scratch_.Read(kOriginal)));
  scratch_.Replace(kMine, "void Record()", "QUIET void Record()");
  const ChildResult evading = Racelab({"check"});
  EXPECT_EQ(evading.exit_code, 1);
  EXPECT_THAT(evading.out, HasSubstr("no_sanitize"));

  scratch_.Write(kMine, scratch_.Read(kSolution));
  EXPECT_THAT(Racelab({"diff"}).out, AllOf(HasSubstr("+++ workspace/"), HasSubstr("\n+")));
  EXPECT_THAT(Racelab({"progress"}).out, AllOf(HasSubstr("forgetful_counter"), Not(HasSubstr("lost_update"))));
  const ChildResult solved = Racelab({"check"});
  EXPECT_EQ(solved.exit_code, 0) << solved.out << solved.err;
  EXPECT_THAT(solved.out, AllOf(HasSubstr("forgetful_counter is solved"), HasSubstr("Known as lost_update"),
                                HasSubstr("CWE-366: Race Condition within a Thread"), HasSubstr("the next lab:")));
  EXPECT_THAT(Racelab({"list"}).out, HasSubstr("lost_update"));
  EXPECT_EQ(Racelab({"solution", "lost_update", "atomic"}).exit_code, 0);

  const nlohmann::json progress = nlohmann::json::parse(Racelab({"progress", "--json"}).out);
  const nlohmann::json& lab = progress.at("labs").at("lost_update");
  EXPECT_EQ(lab.at("checks"), 6);
  EXPECT_EQ(lab.at("hints"), 2);
  EXPECT_THAT(lab.at("solved").get<std::string>(), Not(IsEmpty()));

  EXPECT_THAT(Racelab({"reset"}).out, HasSubstr("hit_counter.h.1"));
  EXPECT_EQ(scratch_.Read(kMine), scratch_.Read(kOriginal));
  EXPECT_EQ(scratch_.Read(absl::StrCat(kMine, ".1")), scratch_.Read(kSolution));
}

// The participant's class is only a variant like any other: it does not make the labs' own verdicts wrong.
TEST_F(LoopTest, AFailedAttemptFailsNoVerificationOfTheLabs) {
  scratch_.Write(kMine, scratch_.Read(kOriginal));
  const ChildResult verified = Racelab({"verify", "lost_update", "--tool", "tsan"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out;
  EXPECT_EQ(Racelab({"verify", "lost_update", "mine", "--tool", "tsan"}).exit_code, 1);
}

TEST_F(LoopTest, StepsToAFailure) {
  const ChildResult begun = Racelab({"step", "forgetful_counter"});
  EXPECT_EQ(begun.exit_code, 0) << begun.err;
  EXPECT_THAT(begun.out, AllOf(HasSubstr("Promised: HitCounter keeps both"), HasSubstr("Left out here: wake-ups"),
                               HasSubstr("No thread has taken a step"),
                               HasSubstr("1  T1  read total_  hit_counter.h:12"), HasSubstr("2  T2  read total_")));
  const ChildResult explored = Racelab({"explore", "forgetful_counter", "--json"});
  const nlohmann::json json = nlohmann::json::parse(explored.out);
  const std::string schedule = json.at(0).at("failures").at(0).at("schedule");
  const ChildResult failed = Racelab({"step", "forgetful_counter", "--schedule", schedule});
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_THAT(failed.out, AllOf(HasSubstr("write total_ = 1"),
                                HasSubstr("You found a failing interleaving, with 1 preemption; fewest known: 1.")));
  const std::string memory = schedule.substr(0, schedule.find(':') + 1);
  EXPECT_THAT(Racelab({"step", "forgetful_counter", "--schedule", memory + "1"}).out,
              AllOf(HasSubstr("1 read total_ → 0"), HasSubstr("1  T1  write total_")));
  EXPECT_THAT(Racelab({"step", "forgetful_counter", "--schedule", memory + "1122"}).out,
              HasSubstr("This interleaving holds"));
  EXPECT_EQ(Racelab({"step", "forgetful_counter", "--schedule", memory + "999"}).exit_code, 3);
  EXPECT_EQ(Racelab({"step", "forgetful_counter", "--schedule", "xyz"}).exit_code, 3);
  EXPECT_THAT(Racelab({"step", "forgetful_counter", "mutex"}).out, HasSubstr("lock mutex_"));
}

// What VS Code makes of the output of a task in .vscode/tasks.json: "FILE:LINE: TEXT" of each line that a problem
// matcher recognises, but of the first only at each place.
std::vector<std::string> ProblemsInTheEditor(const nlohmann::json& task, const std::string& output) {
  std::vector<std::string> problems;
  std::set<std::string> places;
  for (const nlohmann::json& matcher : task.at("problemMatcher")) {
    const nlohmann::json& pattern = matcher.at("pattern");
    const std::regex line_of_a_problem(pattern.at("regexp").get<std::string>());
    for (const std::string_view line : absl::StrSplit(output, '\n')) {
      std::cmatch found;
      if (!std::regex_match(line.begin(), line.end(), found, line_of_a_problem)) continue;
      const std::string place = absl::StrCat(found.str(pattern.at("file")), ":", found.str(pattern.at("line")));
      if (places.insert(place).second) problems.push_back(absl::StrCat(place, ": ", found.str(pattern.at("message"))));
    }
  }
  return problems;
}

nlohmann::json TaskOfTheEditor(const std::string& label) {
  const nlohmann::json all = nlohmann::json::parse(TextOf(".vscode/tasks.json"));
  for (const nlohmann::json& task : all.at("tasks")) {
    if (task.at("label") == label) return task;
  }
  ADD_FAILURE() << "no task " << label;
  return {};
}

TEST_F(LoopTest, ShowsProblemsInTheEditor) {
  const nlohmann::json task = TaskOfTheEditor("check this lab");
  const auto problems = [&](const std::string& lab) {
    std::vector<std::string> arguments = task.at("args");
    std::replace(arguments.begin(), arguments.end(), std::string("${fileDirnameBasename}"), lab);
    return ProblemsInTheEditor(task, Racelab(arguments).out);
  };
  scratch_.Write(kMine, scratch_.Read(kOriginal));
  EXPECT_THAT(problems("forgetful_counter"),
              ElementsAre(AllOf(StartsWith(absl::StrCat(kMine, ":12: ")), HasSubstr("read of total_ by T"),
                                HasSubstr("write of total_ by T"))));
  scratch_.Replace(kMine, "++total_", "++totl_");
  EXPECT_THAT(problems("forgetful_counter"),
              ElementsAre(absl::StrCat(kMine, ":12: use of undeclared identifier 'totl_'; did you mean 'total_'?")));

  // No two accesses race: the steps. Both threads are at line 20.
  constexpr char kVoucher[] = "workspace/overspent_voucher/voucher.h";
  scratch_.Write(kVoucher, scratch_.Read("labs/atomicity/check_then_act/voucher.h"));
  EXPECT_THAT(problems("overspent_voucher"),
              AllOf(Contains(AllOf(StartsWith(absl::StrCat(kVoucher, ":20: ")), HasSubstr("T1 does lock mutex_"),
                                   HasSubstr("T2 does lock mutex_"))),
                    Contains(StartsWith(absl::StrCat(kVoucher, ":31: ")))));

  // The test waits, too, but nothing is wrong with it.
  constexpr char kBank[] = "workspace/night_bank/bank.h";
  scratch_.Write(kBank, scratch_.Read("labs/liveness/lock_order/bank.h"));
  EXPECT_THAT(problems("night_bank"),
              ElementsAre(AllOf(StartsWith(absl::StrCat(kBank, ":28: T1 waits for ever for accounts_[")),
                                HasSubstr("; T2 waits for ever for accounts_["))));

  scratch_.Write(kMine, scratch_.Read(kSolution));
  EXPECT_THAT(problems("forgetful_counter"), IsEmpty());
}

// Participants find their own copies, which git ignores, and no solution.
TEST(Editor, FindsOwnCopiesAndNoSolution) {
  const nlohmann::json settings = nlohmann::json::parse(TextOf(".vscode/settings.json"));
  EXPECT_EQ(settings.at("search.useIgnoreFiles"), false);
  for (const char* hidden : {"build", "solutions", "tests/*/*/rejected", "labs/*/*/reviews"})
    EXPECT_EQ(settings.at("search.exclude").at(hidden), true);
}

TEST_F(LoopTest, ShowsBothCompilersErrorsInTheEditor) {
  scratch_.Write(kMine, scratch_.Read(kOriginal));
  scratch_.Replace(kMine, "++total_", "++totl_");
  for (const std::string compiler : {"g++", "clang++-19"}) {
    ChildSpec spec;
    spec.argv = {"sh", "-c", absl::StrCat(compiler, " -fsyntax-only -x c++ ", kMine, " 2>&1")};
    spec.directory = scratch_.project().root.string();
    const std::string errors = RunChild(spec).out;
    if (absl::StrContains(errors, "not found")) continue;
    EXPECT_THAT(ProblemsInTheEditor(TaskOfTheEditor("build"), errors), Contains(StartsWith(absl::StrCat(kMine, ":12"))))
        << errors;
  }
}

TEST_F(LoopTest, MergesTheRecordsOfAClass) {
  scratch_.Write("ann.json", R"({"version": 1, "participant": "Ann", "labs": {
      "lost_update": {"started": "2026-01-01T00:00:00Z", "solved": "2026-01-01T01:00:00Z", "hints": 1},
      "aba": {"started": "2026-01-02T00:00:00Z", "gave_up": true}}})");
  scratch_.Write("bob.json", R"({"version": 1, "participant": "Bob, <jr>", "labs": {
      "lost_update": {"started": "2026-01-01T00:00:00Z"}}})");
  const ChildResult table = Racelab({"progress", "--merge", "ann.json", "bob.json"});
  EXPECT_THAT(table.out, AllOf(HasSubstr("lost_update"), HasSubstr("aba"), HasSubstr("Ann"), HasSubstr("✓")));
  EXPECT_THAT(Racelab({"progress", "--csv", "--merge", "ann.json", "bob.json"}).out,
              AllOf(StartsWith("participant,track,lab,state,"), HasSubstr("Ann,data_races,lost_update,solved,"),
                    HasSubstr("\"Bob, <jr>\",data_races,lost_update,begun,")));
  EXPECT_THAT(Racelab({"progress", "--html", "--merge", "ann.json", "bob.json"}).out,
              AllOf(HasSubstr("Bob, &lt;jr&gt;"), HasSubstr("<td>1 of 2</td>")));
  scratch_.Write("all.json", Racelab({"progress", "--json", "--merge", "ann.json", "bob.json"}).out);
  EXPECT_EQ(Racelab({"progress", "--merge", "all.json"}).out, table.out);
  const ChildResult missing = Racelab({"progress", "--merge", "carl.json"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("carl.json"));
  scratch_.Write("cut.json", "{\"version\": 1,");
  EXPECT_THAT(Racelab({"progress", "--merge", "cut.json"}).err, HasSubstr("cut.json: it is no record"));
}

// Files and pipes in place of a terminal: a verdict for each time the class is saved. `script` has $racelab and
// $watched, which waits until the output says so.
class WatchTest : public LoopTest {
 protected:
  ChildResult Watched(const std::string& script) const {
    ChildSpec spec;
    spec.argv = {"bash", "-c",
                 absl::StrCat("racelab=$1; said() { until grep -q \"$1\" out; do sleep 0.1; done; }; ", script), "bash",
                 RACELAB_BUILD_DIR "/bin/racelab"};
    spec.directory = scratch_.project().root.string();
    spec.limits.time = absl::Minutes(5);
    spec.limits.memory_bytes = int64_t{16} << 30;
    return RunChild(spec);
  }
};

TEST_F(WatchTest, WithoutATerminalEndsWhenTheLabIsSolved) {
  const ChildResult result =
      Watched(absl::StrCat("$racelab watch forgetful_counter </dev/null >out 2>&1 & said 'not solved yet'; ", "cp ",
                           kSolution, " new.h && mv new.h ", kMine, "; wait $!; code=$?; cat out; exit $code"));
  EXPECT_EQ(result.exit_code, 0) << result.out << result.note;
  EXPECT_THAT(result.out, AllOf(HasSubstr("Each time that you save workspace/forgetful_counter/hit_counter.h"),
                                HasSubstr("not solved yet"), HasSubstr("is solved"), HasSubstr("Known as lost_update"),
                                HasSubstr("the next lab:")));
}

TEST_F(WatchTest, WithoutATerminalEndsByASignal) {
  const ChildResult result = Watched(
      "$racelab watch forgetful_counter >out 2>&1 & said 'not solved yet'; "
      "kill -TERM $!; wait $!");
  EXPECT_EQ(result.exit_code, 130) << result.out << result.note;
}

TEST_F(WatchTest, WithoutATerminalEndsWhenNobodyReadsIt) {
  const ChildResult result =
      Watched("exec 2>&1; mkfifo pipe; $racelab watch forgetful_counter >pipe & sed '/not solved yet/q' pipe; wait $!");
  EXPECT_EQ(result.exit_code, 0) << result.out << result.note;
  EXPECT_THAT(result.out, HasSubstr("not solved yet"));
}

TEST_F(WatchTest, WithoutATerminalSaysThatTheClassIsGone) {
  const ChildResult result =
      Watched(absl::StrCat("$racelab watch forgetful_counter >out 2>&1 & said 'not solved yet'; rm ", kMine,
                           "; said 'is gone'; kill -TERM $!; wait $!"));
  EXPECT_EQ(result.exit_code, 130) << result.out << result.note;
}

}  // namespace
}  // namespace racelab
