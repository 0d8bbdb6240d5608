// racelab report on files: logs, and what `racelab explore --json` has written.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/symbols/symbolizer.h"
#include "tests/sanitizers/racelab/scratch_project.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string FingerprintIn(std::string_view screen) {
  const size_t at = screen.find("fingerprint ");
  return at == std::string_view::npos ? "none" : std::string(screen.substr(at + 12, 16));
}

class ReportLogsTest : public VictimTest {
 protected:
  ReportLogsTest() : folder_(std::filesystem::path(testing::TempDir()) / absl::StrCat("logs.", getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~ReportLogsTest() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  ChildResult Report(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "report");
    return RunChild(RacelabCommand(arguments));
  }

  // A part of the exploration of a program that deadlocks.
  std::string Explored(const std::string& part) {
    ChildSpec spec =
        RacelabCommand({"explore", "--shard", part, "--json", "--", Victim(GetParam(), "deadlock").argv[0]});
    spec.limits.time = absl::Minutes(2);
    std::string name = "explored." + part.substr(0, 1) + ".json";
    return File(name, RunChild(spec).out);
  }

  std::filesystem::path folder_;
};

TEST_P(ReportLogsTest, CountsEqualRacesOfManyRunsAsOne) {
  const std::string text = RunChild(Victim(GetParam(), "global_race")).err;
  const std::string first = File("first.log", text), second = File("second.log", absl::StrCat(text, "noise\n", text));
  const ChildResult result = Report({first, second});
  EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("(3 times)"));
  EXPECT_THAT(result.out, HasSubstr("racelab found 1, in 3 reports\n"));
}

TEST_P(ReportLogsTest, LooksUpThePlacesOfALogThatWasWrittenWithoutASymbolizer) {
  if (!HasSymbolizer()) GTEST_SKIP() << "neither llvm-symbolizer nor addr2line is here";
  const ChildSpec named = Victim(GetParam(), "global_race");
  ChildSpec spec = named;
  const std::filesystem::path program = spec.argv[0], other = Victim(GetParam(), "deadlock").argv[0];
  spec.environment = {{"TSAN_OPTIONS", "symbolize=0"}};
  const std::string log = File("places.log", RunChild(spec).err);
  ASSERT_THAT(*ReadFile(log), AllOf(HasSubstr("(global_race+0x"), Not(HasSubstr("global_race.cc"))));
  std::filesystem::create_directories(folder_ / "build/bin");
  std::filesystem::copy_file(program, folder_ / "build/bin/global_race");
  const ChildResult found = Report({log, "--root", folder_.string()});
  EXPECT_EQ(found.exit_code, 1) << found.err;
  EXPECT_THAT(found.out, AllOf(HasSubstr("global_race.cc:12"), HasSubstr("stock::Deliver")));
  if (absl::StrContains(*ReadFile(log), "Location is global"))  // clang's runtime leaves it out if it has no name.
    EXPECT_EQ(FingerprintIn(found.out),
              FingerprintIn(Report({File("names.log", RunChild(named).err), "--root", folder_.string()}).out));

  // Another program of that name is not asked, if the log tells which one it was; nor is one of two.
  std::filesystem::copy_file(other, folder_ / "global_race");
  const bool tells = absl::StrContains(*ReadFile(log), "BuildId");
  const ChildResult one_of_two = Report({log, "--root", folder_.string()});
  EXPECT_THAT(one_of_two.out, tells ? HasSubstr("global_race.cc:12") : HasSubstr("2 programs are called so"));
  std::filesystem::remove_all(folder_ / "build");
  const ChildResult changed = Report({log, "--root", folder_.string()});
  EXPECT_EQ(changed.exit_code, 1);
  EXPECT_THAT(changed.out, HasSubstr(tells ? "is not the one that" : "if it has changed since"));
}

TEST_P(ReportLogsTest, SeeksNoProgramForTheMemoryOfAStack) {
  for (const char* compiler : {"clang-14", "clang-19", "g++-12"}) {
    const std::string log = absl::StrCat(RACELAB_SOURCE_DIR, "/tests/sanitizers/corpus/texts/", compiler, "/stack.txt");
    EXPECT_THAT(Report({log}).out, AllOf(HasSubstr("Data race on the stack of"), Not(HasSubstr("have no names"))));
  }
}

TEST_P(ReportLogsTest, NeverCountsACutReportAsNothing) {
  const std::string text = RunChild(Victim(GetParam(), "global_race")).err;
  const ChildResult result = Report({File("cut.log", text.substr(0, text.size() / 2))});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("cut short"));
}

TEST_P(ReportLogsTest, FindsNothingWhereNothingIs) {
  const ChildResult result = Report({File("quiet.log", "all tests passed\n")});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_EQ(Report({(folder_ / "missing.log").string()}).exit_code, 2);
}

TEST_P(ReportLogsTest, NeverPassesALogThatSaysMoreThanItShows) {
  // In a log of its own: another one's reports do not stand for those that are missing here.
  const std::string text = RunChild(Victim(GetParam(), "global_race")).err;
  const std::string announced = File("announced.log", "ThreadSanitizer: reported 2 warnings\n");
  const ChildResult result = Report({File("race.log", text + text + text), announced, "--max", "9"});
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_THAT(result.out, HasSubstr("reported 2 warnings, but only 0 are in"));
  const ChildResult lost = Report({File("lost.log", "ERROR: Can't open file: /tmp/x.123 (reason: 24)\n")});
  EXPECT_EQ(lost.exit_code, 1) << lost.out;
}

TEST_P(ReportLogsTest, NeverPassesWhatItCannotRead) {
  const std::pair<std::string, std::string> kOthers[] = {
      {"==================\nWARNING: DATA RACE\nWrite at 0x00c0000b4010 by goroutine 7:\n", "Go's race detector"},
      {"==12== Possible data race during read of size 4 at 0x10C01C by thread #1\n", "Helgrind"},
      {"2026-01-02T03:04:05Z ==7== Conflicting load by thread 1 at 0x0010c01c size 4\n", "DRD"}};
  for (const auto& [text, tool] : kOthers) {
    const ChildResult result = Report({File("other.log", text)});
    EXPECT_EQ(result.exit_code, 3) << text << result.out;
    EXPECT_THAT(result.out, HasSubstr(tool + " has reported a race"));
  }
  using namespace std::string_literals;
  for (const std::string& text :
       {"\x1f\x8b\x08\0\0"s, "\xff\xfeW\0A\0"s, "{\n  \"$schema\": \"x/sarif-2.1.0.json\"}"s}) {
    const ChildResult result = Report({File("no.log", text)});
    EXPECT_EQ(result.exit_code, 2) << text << result.out;
    EXPECT_THAT(result.err, HasSubstr("no.log: it is "));
  }
}

TEST_P(ReportLogsTest, PutsTheFindingsOfManyMachinesTogether) {
  const std::string log = File("race.log", RunChild(Victim(GetParam(), "global_race")).err);
  const std::string first = File("first.json", Report({log, "--format", "json"}).out);
  const std::string text = Report({log, "--format", "json"}).out;
  const ChildResult result = Report({first, File("second.json", text)});
  EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("(2 times)"));
  EXPECT_THAT(result.out, HasSubstr("racelab found 1, in 2 reports\n"));
  const ChildResult cut = Report({File("cut.json", text.substr(0, text.size() / 2))});
  EXPECT_EQ(cut.exit_code, 2) << cut.out;
  EXPECT_THAT(cut.err, HasSubstr("cut.json: it is cut off"));
}

TEST_P(ReportLogsTest, NeverPassesWhatIsTooMuchToKeep) {
  std::string text;
  for (int i = 0; i <= 10'000; ++i) {
    absl::StrAppend(&text, "==================\nWARNING: ThreadSanitizer: data race (pid=1)\n",
                    "  Write of size 4 at 0x7b04 by main thread:\n    #0 F", i, "() /src/f.cc:3 (f+0x1)\n",
                    "SUMMARY: ThreadSanitizer: data race /src/f.cc:3 in F", i, "()\n==================\n");
  }
  const std::string log = File("many.log", text);
  const ChildResult result = Report({log, "--format", "markdown", "--max", "20000"});
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_THAT(result.out, HasSubstr("1 later reports are left out"));
}

TEST_P(ReportLogsTest, PutsThePartsOfAnExplorationTogether) {
  const std::string first = Explored("1/2"), second = Explored("2/2");
  const ChildResult whole = Report({first, second});
  EXPECT_EQ(whole.exit_code, 1) << whole.out << whole.err;
  EXPECT_THAT(whole.out, HasSubstr("Deadlock"));
  EXPECT_THAT(whole.out, Not(HasSubstr("is missing")));
  EXPECT_THAT(Report({first}).out, HasSubstr("part 2/2 of main is missing"));
}

TEST_P(ReportLogsTest, MergesFilesWhateverTheirNames) {
  const std::string holds = R"([{"scenario": "A.B", "part": "$/2", "certainty": "holds", "failures": []}])";
  File("one", absl::StrReplaceAll(holds, {{"$", "1"}}));
  File("two", absl::StrReplaceAll(holds, {{"$", "2"}}));
  ChildSpec spec = RacelabCommand({"report", "--merge", "one", "two"});
  spec.directory = folder_;
  const ChildResult merged = RunChild(spec);
  EXPECT_EQ(merged.exit_code, 0) << merged.out << merged.err;
  spec.argv.erase(std::find(spec.argv.begin(), spec.argv.end(), "--merge"));
  EXPECT_EQ(RunChild(spec).exit_code, 2) << "these could be a lab and its variant";
}

TEST_P(ReportLogsTest, NeverCountsAMissingOrCutPartAsPassed) {
  const std::string holds = R"([{"scenario": "A.B", "part": "1/2", "certainty": "holds", "failures": []}])";
  const std::string first = File("holds.json", holds);
  const ChildResult missing = Report({first});
  EXPECT_EQ(missing.exit_code, 3) << missing.out;
  EXPECT_THAT(missing.out, HasSubstr("part 2/2 of A.B is missing"));
  const ChildResult cut = Report({first, File("cut.json", holds.substr(0, 40))});
  EXPECT_EQ(cut.exit_code, 3) << cut.out;
  EXPECT_THAT(cut.out, HasSubstr("cut.json is cut off"));
}

TEST_P(ReportLogsTest, PrintsWhatItIsAskedFor) {
  const std::string log = File("race.log", RunChild(Victim(GetParam(), "global_race")).err);
  EXPECT_THAT(Report({log, "--format", "sarif"}).out, testing::StartsWith("{\n  \"$schema\""));
  EXPECT_THAT(Report({log, "--format", "junit"}).out, testing::StartsWith("<?xml"));
  EXPECT_THAT(Report({log, "--format", "github"}).out, testing::StartsWith("::error "));
  EXPECT_THAT(Report({log, "--format", "markdown"}).out, testing::StartsWith("### racelab: 1 finding\n"));
  EXPECT_THAT(Report({log, "--format", "json"}).out, HasSubstr("\"schema\": 1"));
  EXPECT_EQ(Report({log, "--format", "yaml"}).exit_code, 2);
}

RACELAB_FOR_EACH_TREE(ReportLogsTest);

}  // namespace
}  // namespace racelab
