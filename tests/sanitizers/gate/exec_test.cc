// racelab exec runs real programs that race, hang or misbehave, and must find out, however hard they make it.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/sanitizers/racelab/scratch_project.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class ExecTest : public VictimTest {
 protected:
  ExecTest() : folder_(std::filesystem::path(testing::TempDir()) / absl::StrCat("exec.", getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~ExecTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& victim) const { return Victim(GetParam(), victim).argv[0]; }
  std::string File(const std::string& name) const { return folder_ / name; }

  // racelab exec with these options, on this command.
  ChildResult Exec(std::vector<std::string> options, const std::vector<std::string>& command,
                   const std::string& tsan_options = "") {
    std::vector<std::string> arguments = {"exec"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.emplace_back("--");
    arguments.insert(arguments.end(), command.begin(), command.end());
    ChildSpec spec = RacelabCommand(arguments);
    spec.environment.emplace_back("TSAN_OPTIONS", tsan_options);
    spec.limits.time = absl::Minutes(2);
    spec.limits.memory_bytes = int64_t{1} << 40;  // as many processes count it that share it
    spec.limits.processes = 1000;
    return RunChild(spec);
  }

  // What it found in this command.
  json Found(const std::vector<std::string>& command, const std::string& tsan_options = "",
             std::vector<std::string> options = {}) {
    options.insert(options.end(), {"--json", File("found.json")});
    const ChildResult result = Exec(std::move(options), command, tsan_options);
    std::ifstream file(File("found.json"));
    json found = json::parse(file, nullptr, /*allow_exceptions=*/false);
    EXPECT_TRUE(found.is_object()) << result.out << result.err;
    EXPECT_EQ(result.exit_code, found.value("findings", json::array()).empty() ? 0 : 1) << result.out << result.err;
    return found;
  }

  std::vector<std::string> Rules(const json& found) {
    std::vector<std::string> rules;
    for (const json& finding : found.at("findings")) rules.push_back(finding.at("rule"));
    return rules;
  }

  std::filesystem::path folder_;
};

TEST_P(ExecTest, FindsNothingInARightProgramAndHandsOnItsOutput) {
  const ChildResult result =
      Exec({}, {"sh", "-c", absl::StrCat("echo before; ", Path("race_free"), "; echo after >&2")});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("before\n"));
  EXPECT_THAT(result.out, HasSubstr("racelab found nothing\n"));
  EXPECT_THAT(result.err, testing::EndsWith("after\n"));
}

TEST_P(ExecTest, NamesEachKindOfReport) {
  const std::pair<std::string, std::string> kKinds[] = {{"data_race", "data-race"},
                                                        {"use_after_free", "heap-use-after-free"},
                                                        {"lock_order", "lock-order-inversion"},
                                                        {"thread_leak", "thread-leak"},
                                                        {"destroy_locked", "destroy-of-a-locked-mutex"},
                                                        {"bad_unlock", "bad-unlock"},
                                                        {"signal_unsafe", "signal-unsafe-call"}};
  for (const auto& [victim, rule] : kKinds) {
    const json found = Found({Path(victim)});
    EXPECT_THAT(Rules(found), testing::Contains(rule)) << victim << found.dump(2);
  }
}

TEST_P(ExecTest, ShowsBothSidesOfARaceWithTheirSource) {
  const ChildResult result = Exec({}, {Path("data_race")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("Data race"));
  EXPECT_THAT(result.out, HasSubstr("in HitCounter::Record"));
  EXPECT_THAT(result.out, HasSubstr("data_race.cc:9"));
  EXPECT_THAT(result.out, HasSubstr("void Record() { ++total_; }"));
  EXPECT_THAT(result.out, HasSubstr("racelab start lost_update"));
}

// Gates that could not fail: each was reported in public by a project that believed itself safe.
TEST_P(ExecTest, IsNotFooledByAGateThatCannotFail) {
  const std::string race = Path("data_race");
  const std::vector<std::string> kIgnored = {"sh", "-c", race + " || true"};
  EXPECT_THAT(Rules(Found(kIgnored)), testing::Contains("data-race"));
  EXPECT_THAT(Rules(Found({race}, "exitcode=0")), testing::Contains("data-race"));
  EXPECT_THAT(Rules(Found({race}, "report_bugs=0")), testing::Contains("data-race"));
  const std::vector<std::string> kUnread = {"sh", "-c", race + " > /dev/null 2>&1; exit 0"};
  EXPECT_THAT(Rules(Found(kUnread)), testing::Contains("data-race"));
  EXPECT_THAT(Rules(Found({race}, "log_path=" + File("nobody_reads_it"))), testing::Contains("data-race"));
  // By default, ThreadSanitizer remembers too little of a long run: this victim's is short.
  const std::vector<std::string> kWithoutEnvironment = {"env", "-i", Path("global_race")};
  EXPECT_THAT(Rules(Found(kWithoutEnvironment)), testing::Contains("data-race"));
}

// What was reported, and got lost on the way, or what was never checked, is no success.
TEST_P(ExecTest, NeverPassesWhatWasNotSeen) {
  const std::string race = Path("global_race");
  // Where ctest or a script sets options of its own, the report is somewhere in the output.
  const std::vector<std::string> kOnStdout = {"sh", "-c", "TSAN_OPTIONS=exitcode=0 " + race + " 2>&1"};
  EXPECT_THAT(Rules(Found(kOnStdout)), testing::Contains("data-race"));
  const std::vector<std::string> kPiped = {"sh", "-c", "env -i " + race + " 2>&1 | cat"};
  EXPECT_THAT(Rules(Found(kPiped)), testing::Contains("data-race"));
  // ThreadSanitizer gives up, and ends with the exit code 0 that a report is to have.
  EXPECT_THAT(Rules(Found({race}, "suppressions=/no/such/file")), testing::ElementsAre("fatal-error"));
  const std::vector<std::string> kNoFolder = {
      "sh", "-c", "file=${TSAN_OPTIONS##*log_path=?}; rm -r ${file%/*}; : > ${file%/*}; exec " + race};
  EXPECT_THAT(Rules(Found(kNoFolder)), testing::Contains("incomplete-report"));
  EXPECT_EQ(Exec({"--fail-on", "deadlock", "--max", "9"}, kNoFolder).exit_code, 1);
  EXPECT_EQ(Exec({"--fail-on", "deadlock", "--max", "9"}, {Path("crash")}).exit_code, 1);
}

TEST_P(ExecTest, CannotTellWithoutThreadSanitizer) {
  const std::vector<std::string> kElsewhere = {
      "sh", "-c", absl::StrCat("TSAN_OPTIONS=exitcode=0:log_path=", File("own"), " ", Path("global_race"))};
  for (const std::vector<std::string>& command : {std::vector<std::string>{"true"}, kElsewhere}) {
    const ChildResult result = Exec({"--junit", File("race.xml")}, command);
    EXPECT_EQ(result.exit_code, 3) << result.out;
    EXPECT_THAT(result.out, HasSubstr("racelab found nothing, but cannot tell\n"));
    EXPECT_THAT(result.out, HasSubstr("no process of ThreadSanitizer's was seen"));
    std::ifstream file(File("race.xml"));
    EXPECT_THAT(std::string(std::istreambuf_iterator<char>(file), {}), HasSubstr("errors=\"1\""));
  }
}

TEST_P(ExecTest, WritesReportsToAnyFolder) {
  const std::string folder = File("a b,c:d");
  std::filesystem::create_directory(folder);
  ChildSpec spec = RacelabCommand({"exec", "--", Path("global_race")});
  spec.environment.emplace_back("TMPDIR", folder);
  const ChildResult result = RunChild(spec);
  EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("Data race"));
}

TEST_P(ExecTest, LeavesInputAndOutputAsTheyAre) {
  const std::string input = File("input"), output = File("output");
  std::ofstream(input) << "first\nsecond\n";
  const std::string racelab = RacelabCommand({}).argv[0];
  const auto in_shell = [&](const std::string& script) {
    ChildSpec spec;
    spec.argv = {"sh", "-c", script, racelab, input, output};
    RunChild(spec);
    std::ifstream file(output);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  // The input goes on where others have read.
  EXPECT_THAT(in_shell("{ read -r line; \"$0\" exec -- cat; } < $1 > $2"), testing::StartsWith("second\nnote:"));
  EXPECT_THAT(in_shell("\"$0\" exec -- cat <&- > $2"), testing::StartsWith("note:"));
  // Both outputs in one file keep their order; what racelab says begins on a line of its own.
  std::string expected;
  for (int i = 0; i < 200; ++i) absl::StrAppend(&expected, "out\nerror\n");
  EXPECT_THAT(in_shell("\"$0\" exec -- sh -c 'for i in $(seq 200); do echo out; echo error >&2; done; printf end' "
                       "> $2 2>&1"),
              testing::StartsWith(expected + "end\nnote:"));
}

TEST_P(ExecTest, SaysWhatWasStillRunning) {
  const ChildResult result = Exec({}, {"sh", "-c", "sleep 1000 & " + Path("race_free")});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("1 process was still running when the program ended"));
  // One that ends soon has a turn; and the symbolizer, which ends after the program, is not meant.
  const ChildResult daemon = Exec({}, {"sh", "-c", "(sleep 0.2; exec " + Path("global_race") + ") & exit 0"});
  EXPECT_EQ(daemon.exit_code, 1) << daemon.out;
  EXPECT_THAT(daemon.out, HasSubstr("Data race"));
  EXPECT_THAT(daemon.out, Not(HasSubstr("still running")));
}

TEST_P(ExecTest, SaysWhatASuppressionHides) {
  std::ofstream(File("race.supp")) << "race:HitCounter\n";
  const ChildResult result = Exec({}, {Path("data_race")}, "suppressions=" + File("race.supp"));
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("the suppression \"race:HitCounter\" hid "));
}

TEST_P(ExecTest, EndsAHangAndNamesTheLineOfEachThread) {
  for (const std::string victim : {"deadlock", "self_deadlock", "condition_hang", "semaphore_hang"}) {
    const json found = Found({Path(victim)});
    ASSERT_EQ(found["findings"].size(), 1) << found.dump(2);
    const json& hang = found["findings"][0];
    EXPECT_EQ(hang["rule"], absl::EndsWith(victim, "_hang") ? "hang" : "deadlock") << victim;
    EXPECT_THAT(std::string(hang["places"][0]["file"]), HasSubstr(victim + ".cc")) << hang.dump(2);
    EXPECT_GT(hang["places"][0]["line"], 0);
  }
}

TEST_P(ExecTest, EndsOnlyTheProcessThatHangs) {
  const std::string script = absl::StrCat(Path("deadlock"), "; echo went on; ", Path("data_race"));
  const ChildResult result = Exec({}, {"sh", "-c", script});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("went on\n"));
  EXPECT_THAT(result.out, HasSubstr("Deadlock in deadlock"));
  EXPECT_THAT(result.out, HasSubstr("Data race"));
}

TEST_P(ExecTest, FailsIfTheProgramDoes) {
  EXPECT_THAT(Rules(Found({"sh", "-c", "exit 3"})), testing::ElementsAre("program-failed"));
  EXPECT_THAT(Rules(Found({Path("crash")})), testing::Contains("fatal-error"));
  const ChildResult missing = Exec({}, {"/no/such/program"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("/no/such/program"));
}

TEST_P(ExecTest, SaysWhatAProgramDidThatItHadToEnd) {
  const ChildResult late = Exec({"--time", "1"}, {"sleep", "100"});
  EXPECT_EQ(late.exit_code, 1);
  EXPECT_THAT(late.out, HasSubstr("sleep 100 was ended: no end after 1 s"));
  EXPECT_THAT(late.out, HasSubstr("when the program was ended, thread 1 waits for a timer"));
  ChildSpec interrupted = RacelabCommand({"exec", "--", "sleep", "100"});
  interrupted.argv.insert(interrupted.argv.begin(), {"timeout", "--preserve-status", "-s", "INT", "1"});
  const ChildResult result = RunChild(interrupted);
  EXPECT_EQ(result.exit_code, 130);
  EXPECT_THAT(result.out, HasSubstr("racelab found nothing, but cannot tell\n"));
}

TEST_P(ExecTest, FailsOnlyForWhatTheBaselineDoesNotKnow) {
  const std::string baseline = File("baseline.json");
  EXPECT_EQ(Exec({"--write-baseline", baseline}, {Path("data_race")}).exit_code, 1);
  const ChildResult known = Exec({"--baseline", baseline}, {Path("data_race")});
  EXPECT_EQ(known.exit_code, 0) << known.out << known.err;
  EXPECT_THAT(known.out, HasSubstr("1 known from"));
  const ChildResult more = Exec({"--baseline", baseline}, {Path("use_after_free")});
  EXPECT_EQ(more.exit_code, 1);
  EXPECT_THAT(more.out, HasSubstr("no longer found, and to be removed from"));
  std::ofstream(baseline) << "{\"known\": 3}";
  const ChildResult broken = Exec({"--baseline", baseline}, {Path("race_free")});
  EXPECT_EQ(broken.exit_code, 2);
  EXPECT_THAT(broken.err, HasSubstr("this is no baseline"));
}

TEST_P(ExecTest, ReplacesABaselineOnlyAfterItHasDecided) {
  const std::string baseline = File("baseline.json");
  Exec({"--write-baseline", baseline}, {Path("global_race")});
  const std::vector<std::string> kUpdate = {"--baseline", baseline, "--write-baseline", baseline};
  EXPECT_EQ(Exec(kUpdate, {Path("use_after_free")}).exit_code, 1) << "it was new";
  EXPECT_EQ(Exec(kUpdate, {Path("use_after_free")}).exit_code, 0) << "it is known now";
}

TEST_P(ExecTest, ShowsWhatItFoundAlsoIfAFileCannotBeWritten) {
  const ChildResult result = Exec({"--sarif", "/no/such/folder/race.sarif"}, {Path("global_race")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, HasSubstr("Data race"));
  const ChildResult revision = Exec({"--diff-base", "no-such-revision"}, {"sh", "-c", "echo started"});
  EXPECT_EQ(revision.exit_code, 2);
  EXPECT_THAT(revision.out, Not(HasSubstr("started"))) << "misuse is said before the long run";
}

TEST_P(ExecTest, FailsOnlyForTheKindsThatItIsTold) {
  const ChildResult other = Exec({"--fail-on", "deadlock"}, {Path("race_free")});
  EXPECT_EQ(other.exit_code, 0) << other.out;
  EXPECT_EQ(Exec({"--fail-on", "deadlock,data-race"}, {Path("data_race")}).exit_code, 1);
  const ChildResult race = Exec({"--fail-on", "deadlock"}, {Path("data_race")});
  EXPECT_EQ(race.exit_code, 0) << "it is shown nevertheless";
  EXPECT_THAT(race.out, HasSubstr("Data race"));
  EXPECT_THAT(Exec({"--fail-on", "deadlok"}, {Path("race_free")}).err, HasSubstr("no kind of finding \"deadlok\""));
}

TEST_P(ExecTest, SaysWhatHintsAtAFalseAlarm) {
  const json found = Found({Path("library_race")});
  ASSERT_FALSE(found["findings"].empty());
  EXPECT_THAT(found["findings"][0]["doubts"].dump(), HasSubstr("known defect of the standard library"));
  EXPECT_TRUE(Found({Path("data_race")})["findings"][0]["doubts"].empty());
}

TEST_P(ExecTest, LeavesNoFilesAndNoProcesses) {
  const std::string temporary = File("tmp");
  std::filesystem::create_directory(temporary);
  ChildSpec spec = RacelabCommand({"exec", "--", "sh", "-c", "sleep 1000 & " + Path("data_race")});
  spec.environment.emplace_back("TMPDIR", temporary);
  spec.limits.time = absl::Minutes(2);
  EXPECT_EQ(RunChild(spec).exit_code, 1);
  EXPECT_TRUE(std::filesystem::is_empty(temporary));
}

// Killed by the program, at a moment of the program's choice: nothing may be left running, and no folder of reports;
// what is written is whole.
TEST_P(ExecTest, LeavesNothingIfItIsKilled) {
  const std::string kKill = "kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); ";  // the supervisor's parent
  const std::string kDaemon =
      absl::StrCat("for i in $(seq 40); do setsid sleep 1000 & done; echo $! > ", File("daemon"), "; ");
  const std::string race = Path("data_race") + " 2> /dev/null; ";
  const std::string kPrograms[] = {
      kDaemon + kKill,
      kDaemon + kKill + "while :; do " + race + "done",
      kDaemon + race + race + kKill + race,
      kDaemon + "(while :; do " + race + "done) & " + race + kKill + "sleep 1000",
      kDaemon + Path("flood") + " & " + kKill + "sleep 1000",
  };
  const std::string temporary = File("tmp");
  std::filesystem::create_directory(temporary);
  for (const std::string& program : kPrograms) {
    // Another process waits until the folder is gone, since none outlives the end of RunChild.
    ChildSpec spec = RacelabCommand({"exec", "--json", File("found.json"), "--", "sh", "-c", program});
    spec.argv.insert(spec.argv.begin(), {"sh", "-c",
                                         "\"$@\" > /dev/null; echo $?; until rmdir $TMPDIR; do sleep 0.01; done; "
                                         "kill -0 $(cat $0) || echo all gone",
                                         File("daemon")});
    spec.environment.emplace_back("TMPDIR", temporary);
    spec.limits.time = absl::Minutes(2);
    const ChildResult result = RunChild(spec);
    EXPECT_EQ(result.out, "137\nall gone\n") << program << result.err;
    EXPECT_FALSE(std::filesystem::exists(File("found.json")));
    std::filesystem::create_directory(temporary);
  }
}

TEST_P(ExecTest, EndsAForkBomb) {
  // In a session of its own, so that no signal to the program's group reaches it.
  const json found = Found({"sh", "-c", "setsid " + Path("fork_bomb")}, "", {"--time", "1"});
  ASSERT_EQ(found["findings"].size(), 1) << found.dump(2);
  EXPECT_THAT(found["findings"][0].dump(), HasSubstr("no end after 1 s"));
  ChildSpec count;
  count.argv = {"pgrep", "-cf", Path("fork_bomb")};
  EXPECT_EQ(RunChild(count).out, "0\n");
}

// Its own memory, as it is at the end of a long output of the program: of text without a line end, and of reports.
TEST_P(ExecTest, KeepsNoneOfALongOutput) {
  const std::string report = File("report.txt");
  const std::string text =
      "==================\nWARNING: ThreadSanitizer: data race (pid=1)\n  Write of size 4 at 0x7b04 by main thread:\n"
      "    #0 F() /src/f.cc:3 (f+0x1)\nSUMMARY: ThreadSanitizer: data race /src/f.cc:3 in F()\n==================\n";
  std::ofstream file(report);
  for (int i = 0; i < 5000; ++i) file << text;
  file.close();
  const std::string own_memory = "grep VmHWM /proc/$(cut -d' ' -f4 /proc/$PPID/stat)/status > " + File("memory");
  for (const std::string output :
       {"tr '\\0' x < /dev/zero | head -c 200M; ", "(while cat $0; do :; done) 2> /dev/null | head -c 200M >&2; "}) {
    ChildSpec spec = RacelabCommand({"exec", "--", "sh", "-c", output + own_memory, report});
    spec.argv.insert(spec.argv.begin(), {"sh", "-c", "\"$@\" > /dev/null 2>&1", "sh"});
    spec.limits.time = absl::Minutes(2);
    RunChild(spec);
    std::ifstream memory(File("memory"));
    std::string name;
    int kilobytes = 0;
    ASSERT_TRUE(memory >> name >> kilobytes) << output;
    EXPECT_LT(kilobytes, 100'000) << output;
  }
}

TEST_P(ExecTest, WritesWhatCodeScanningNeeds) {
  const ChildResult result =
      Exec({"--sarif", File("race.sarif"), "--junit", File("race.xml"), "--markdown", File("race.md"), "--github"},
           {Path("data_race")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("::error file=tests/sanitizers/victims/data_race.cc,line="));
  std::ifstream file(File("race.sarif"));
  const json sarif = json::parse(file);
  EXPECT_EQ(sarif["version"], "2.1.0");
  const json& run = sarif["runs"][0];
  const json& rule = run["tool"]["driver"]["rules"][0];
  EXPECT_FALSE(std::string(rule["fullDescription"]["text"]).empty());
  EXPECT_FALSE(std::string(rule["help"]["text"]).empty());
  const json& found = run["results"][0];
  EXPECT_EQ(found["ruleId"], rule["id"]);
  EXPECT_EQ(found["locations"].size(), 1);
  const json& location = found["locations"][0]["physicalLocation"];
  EXPECT_EQ(location["artifactLocation"]["uri"], "tests/sanitizers/victims/data_race.cc");
  for (const char* member : {"startLine", "startColumn", "endLine", "endColumn"})
    EXPECT_GT(location["region"][member], 0) << member;
  EXPECT_GT(location["region"]["endColumn"], location["region"]["startColumn"]);
  EXPECT_THAT(std::string(found["partialFingerprints"]["primaryLocationLineHash"]),
              testing::MatchesRegex("[0-9a-f]{16}:1"));
}

TEST_P(ExecTest, SaysWhichFileItCannotWrite) {
  const ChildResult result = Exec({"--sarif", "/no/such/folder/race.sarif"}, {Path("race_free")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("/no/such/folder/race.sarif"));
}

RACELAB_FOR_EACH_TREE(ExecTest);

}  // namespace
}  // namespace racelab
