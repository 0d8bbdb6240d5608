#include "sanitizers/findings/finding.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "sanitizers/findings/baseline.h"
#include "sanitizers/findings/doubts.h"
#include "sanitizers/findings/from_report.h"

namespace racelab {
namespace {

class FingerprintTest : public testing::Test {
 protected:
  FingerprintTest() : root_(std::filesystem::path(testing::TempDir()) / absl::StrCat("sources.", getpid())) {
    std::filesystem::create_directories(root_);
  }
  ~FingerprintTest() override { std::filesystem::remove_all(root_); }

  void Write(const std::string& text) { std::ofstream(root_ / "bank.h") << text; }

  // The fingerprint of a race between these two lines.
  std::string Of(int first, int second) {
    Finding race;
    race.rule = &RuleWithId("data-race");
    race.places = {{"bank.h", first, 0, "write of 4 bytes", "Bank::Deposit"},
                   {"bank.h", second, 0, "read of 4 bytes", "Bank::Total"}};
    return Fingerprint(race, root_);
  }

  std::filesystem::path root_;
};

TEST_F(FingerprintTest, SurvivesEditsOfOtherLines) {
  Write("write\nread\n");
  const std::string before = Of(1, 2);
  Write("// a comment\n\nwrite\n  read\n");
  EXPECT_EQ(Of(3, 4), before);
}

TEST_F(FingerprintTest, DoesNotDependOnWhichAccessWasFirst) {
  Write("write\nread\n");
  Finding race;
  race.rule = &RuleWithId("data-race");
  race.places = {{"bank.h", 2, 0, "", "Bank::Total"}, {"bank.h", 1, 0, "", "Bank::Deposit"}};
  EXPECT_EQ(Fingerprint(race, root_), Of(1, 2));
}

TEST_F(FingerprintTest, TellsDifferentLinesAndKindsApart) {
  Write("write\nread\nread again\n");
  EXPECT_NE(Of(1, 2), Of(1, 3));
  Finding other;
  other.rule = &RuleWithId("heap-use-after-free");
  other.places = {{"bank.h", 1, 0, "", "Bank::Deposit"}, {"bank.h", 2, 0, "", "Bank::Total"}};
  EXPECT_NE(Fingerprint(other, root_), Of(1, 2));
}

TEST_F(FingerprintTest, MessageOfADamagedReportSaysSo) {
  const std::string text =
      "==================\n"
      "WARNING: ThreadSanitizer: data race (pid=1)\n"
      "  Write of size 4 at 0x7b04 by thread T2:\n"
      "    #0 Bank::Deposit() /src/bank.h:3 (a+0x1)\n"
      "    #1 main /src/bank.cc:3 (a+0x1)\n\n"
      "  Previous write of size 4 at 0x7b04 by thread T1:\n"
      "    #0 Bank::Deposit() /src/bank.h:3 (a+0x1)\n\n"
      "SUMMARY: ThreadSanitizer: data race /src/bank.h:3 in Bank::Deposit()\n"
      "==================\n";
  const std::string doubt = "a line of the report is missing, or is another report's";
  std::string without_a_line = text;
  const size_t line = text.find("    #0");
  without_a_line.erase(line, text.find('\n', line) + 1 - line);
  EXPECT_THAT(FindingOf(ParseThreadSanitizer(text).reports.at(0), root_).message,
              testing::Not(testing::HasSubstr(doubt)));
  EXPECT_THAT(FindingOf(ParseThreadSanitizer(without_a_line).reports.at(0), root_).message, testing::HasSubstr(doubt));
}

TEST_F(FingerprintTest, BackgroundSaysWhereThreadsLocksAndMemoryComeFrom) {
  const Report report = ParseThreadSanitizer(
                            "==================\n"
                            "WARNING: ThreadSanitizer: data race (pid=1)\n"
                            "  Write of size 4 at 0x7b04 by thread T2 (mutexes: write M1):\n"
                            "    #0 Bank::Deposit() /src/bank.h:3 (a+0x1)\n\n"
                            "  Previous write of size 4 at 0x7b04 by thread T1 (mutexes: write M2):\n"
                            "    #0 Bank::Deposit() /src/bank.h:3 (a+0x1)\n\n"
                            "  Location is heap block of size 8 at 0x7b00 allocated by main thread:\n"
                            "    #0 operator new(unsigned long) <null> (a+0x2)\n"
                            "    #1 Open() /src/bank.h:7 (a+0x3)\n\n"
                            "  Mutex M1 (0x7c00) created at:\n"
                            "    #0 pthread_mutex_lock <null> (a+0x4)\n"
                            "    #1 Bank::Deposit() /src/bank.h:2 (a+0x5)\n\n"
                            "  Mutex M2 (0x7d00) created at:\n"
                            "    #0 pthread_mutex_init <null> (a+0x6)\n"
                            "    #1 Bank::Bank() /src/bank.h:1 (a+0x7)\n\n"
                            "  Thread T2 (tid=3, running) created by main thread at:\n"
                            "    #0 pthread_create <null> (a+0x8)\n"
                            "    #1 main /src/main.cc:9 (a+0x9)\n\n"
                            "  Thread T1 (tid=2, finished) created by main thread at:\n"
                            "    #0 pthread_create <null> (a+0x8)\n"
                            "    #1 main /src/main.cc:9 (a+0x9)\n\n"
                            "SUMMARY: ThreadSanitizer: data race /src/bank.h:3 in Bank::Deposit()\n"
                            "==================\n")
                            .reports.at(0);
  EXPECT_THAT(FindingOf(report, root_).background,
              testing::ElementsAre("T1 and T2 were created in main (main.cc:9).", "No lock is held at both.",
                                   "M1 was first locked in Bank::Deposit (bank.h:2).",
                                   "M2 was created in Bank::Bank (bank.h:1).",
                                   "The heap block was allocated in Open (bank.h:7), by the main thread."));
  Report guarded = report;
  guarded.accesses[1].mutexes = guarded.accesses[0].mutexes;
  EXPECT_THAT(FindingOf(guarded, root_).background, testing::Not(testing::Contains("No lock is held at both.")));
}

TEST_F(FingerprintTest, DoubtsAreAboutWhatIsNotSeen) {
  Report race;
  race.kind = ReportKind::kDataRace;
  Stack access;
  access.role = StackRole::kAccess;
  access.frames.resize(2);
  access.frames[0].function = "Bank::Total()";
  access.frames[0].file = (root_ / "bank.h").string();
  access.frames[0].line = 1;
  access.frames[1].function = "foo_call";
  access.frames[1].module = "/usr/lib/libfoo.so.1";
  race.stacks = {access};
  Write("int Total();\n");
  EXPECT_THAT(Doubts(race, root_), testing::ElementsAre(testing::HasSubstr("libfoo.so.1 is in a stack")));
  race.stacks[0].frames.pop_back();
  EXPECT_THAT(Doubts(race, root_), testing::IsEmpty());
  Write("std::atomic_thread_fence(std::memory_order_release);\n");
  EXPECT_THAT(Doubts(race, root_), testing::ElementsAre(testing::HasSubstr("bank.h uses std::atomic_thread_fence()")));
  Write("std::timed_mutex mutex;\n");
  EXPECT_THAT(Doubts(race, root_), testing::ElementsAre(testing::HasSubstr("bank.h uses a timed mutex")));
  race.stacks[0].role = StackRole::kHere;  // "unlock of an unlocked mutex"
  EXPECT_THAT(Doubts(race, root_), testing::ElementsAre(testing::HasSubstr("bank.h uses a timed mutex")));
}

TEST(RelativeTo, KnowsTheSamePathInOtherWords) {
  EXPECT_EQ(RelativeTo("/bank", "/bank/src/a.h"), "src/a.h");
  EXPECT_EQ(RelativeTo("/bank", "/bank/build/../src/./a.h"), "src/a.h") << "as a compiler in the folder build has it";
  EXPECT_EQ(RelativeTo("/bank/", "./a.h"), "a.h");
  EXPECT_EQ(RelativeTo("/bank", "/bank/../banker/a.h"), "/banker/a.h");
  EXPECT_EQ(RelativeTo("/bank", ""), "");
}

TEST_F(FingerprintTest, FindsFilesThatWereCompiledElsewhere) {
  Write("write\n");
  std::filesystem::create_directory(root_ / "src");
  std::ofstream(root_ / "src" / "a.h") << "read\n";
  const std::string root = root_.string();
  EXPECT_EQ(RelativeTo(root, "/home/runner/work/bank/src/a.h"), "src/a.h") << "on the machine of the CI service";
  EXPECT_EQ(RelativeTo(root, "/proc/self/cwd/src/a.h"), "src/a.h") << "by Bazel";
  EXPECT_EQ(RelativeTo(root, "../src/a.h"), "src/a.h") << "relative to the folder build";
  EXPECT_EQ(RelativeTo(root, "src/a.h"), "src/a.h");
  EXPECT_EQ(RelativeTo(root, "/home/runner/other.h"), "/home/runner/other.h");
  EXPECT_EQ(RelativeTo(root, "/usr/include/bank.h"), "/usr/include/bank.h") << "the system's files are not ours";
}

TEST_F(FingerprintTest, DoesNotDependOnTheSizeOfABlockOrTheNumberOfAFile) {
  Report race;
  race.kind = ReportKind::kDataRace;
  ReportedLocation location;
  location.kind = LocationKind::kHeap;
  location.size = 24;
  race.locations = {location};
  Stack stack;
  stack.frames.resize(1);
  stack.frames[0].function = "Bank::Total()";
  race.stacks = {stack};
  race.accesses.resize(1);
  const Finding small = FindingOf(race, root_);
  race.locations[0].size = 48;
  const Finding large = FindingOf(race, root_);
  EXPECT_EQ(small.fingerprint, large.fingerprint);
  EXPECT_EQ(large.object, "heap block of 48 bytes");
  race.locations[0].kind = LocationKind::kFileDescriptor;
  EXPECT_NE(FindingOf(race, root_).fingerprint, large.fingerprint);
}

TEST(Baseline, NeverKnowsWhatWasLost) {
  std::vector<Finding> lost = {LostReports("nobody has seen it")}, again = lost;
  std::vector<std::string> fixed;
  EXPECT_EQ(BaselineText(lost), BaselineText({}));
  EXPECT_EQ(RemoveKnown({{lost[0].fingerprint, ""}}, again, fixed), 0);
  EXPECT_EQ(again.size(), 1);
}

TEST(Rules, HaveAnIdEachAndWords) {
  std::set<std::string_view> ids;
  for (const Rule& rule : AllRules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_FALSE(rule.title.empty() || rule.meaning.empty() || rule.cause.empty() || rule.repair.empty()) << rule.id;
    EXPECT_TRUE(rule.lab.empty() ||
                [&] {
                  for (const auto& track : std::filesystem::directory_iterator(RACELAB_SOURCE_DIR "/labs"))
                    if (std::filesystem::exists(track.path() / rule.lab / "lab.toml")) return true;
                  return false;
                }())
        << rule.id << ": there is no lab " << rule.lab;
  }
}

TEST(Rules, KnowEveryKindOfReport) {
  for (const ReportKind kind : AllReportKinds()) EXPECT_NE(RuleOf(kind).id, "unknown-report") << Name(kind);
}

TEST(Rules, KnowEveryKindOfFailure) {
  for (const char* kind : {"failed expectation", "data race", "use after free", "deadlock", "no progress", "crash",
                           "abort", "uncaught exception", "exit code", "misuse of a mutex", "misuse of the heap",
                           "misuse of a thread", "thread leak"})
    EXPECT_NE(RuleOfFailure(kind).id, "unknown-report") << kind;
}

RC_GTEST_PROP(BaselineProperty, SurvivesBeingWrittenAndRead, (const std::vector<std::string>& messages)) {
  std::vector<Finding> findings;
  for (size_t i = 0; i < messages.size(); ++i) {
    Finding finding;
    finding.rule = &AllRules().front();
    finding.message = messages[i];
    finding.fingerprint = absl::StrCat(i);
    findings.push_back(finding);
  }
  const absl::StatusOr<Baseline> baseline = ParseBaseline(BaselineText(findings));
  RC_ASSERT(baseline.ok());
  std::vector<std::string> fixed;
  RC_ASSERT(RemoveKnown(*baseline, findings, fixed) == messages.size());
  RC_ASSERT(findings.empty());
  RC_ASSERT(fixed.empty());
}

RC_GTEST_PROP(BaselineProperty, ReadsNoGarbage, (const std::string& text)) { ParseBaseline(text).IgnoreError(); }

}  // namespace
}  // namespace racelab
