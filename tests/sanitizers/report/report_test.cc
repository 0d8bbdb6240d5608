#include "sanitizers/report/report.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/verdict/tsan_run.h"
#include "tests/sanitizers/report/site_names.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class RealReport : public VictimTest {
 protected:
  // The only report of a victim. If there is not exactly one, fails the test and returns an empty report.
  static Report OnlyReport(const std::string& victim, std::vector<std::string> arguments = {}) {
    const ChildResult result = RunUnderThreadSanitizer(Victim(GetParam(), victim, std::move(arguments)));
    const ParsedReports parsed = ParseThreadSanitizer(result.err);
    EXPECT_EQ(parsed.reports.size(), 1u) << result.note << result.err;
    EXPECT_FALSE(parsed.truncated);
    EXPECT_EQ(result.exit_code, kReportExitCode);
    return parsed.reports.size() == 1 ? parsed.reports[0] : Report();
  }
};

TEST_P(RealReport, OfADataRaceNamesBothAccesses) {
  const Report report = OnlyReport("data_race");
  EXPECT_EQ(report.kind, ReportKind::kDataRace);
  EXPECT_EQ(report.headline, "data race");
  EXPECT_EQ(report.location, "stack of main thread");
  ASSERT_GE(report.stacks.size(), 4u);
  EXPECT_EQ(report.stacks[0].role, StackRole::kAccess);
  EXPECT_EQ(report.stacks[1].role, StackRole::kPreviousAccess);
  EXPECT_EQ(report.stacks[2].role, StackRole::kThreadCreated);
  EXPECT_EQ(report.stacks[3].role, StackRole::kThreadCreated);
  EXPECT_EQ(SiteNames(report)[0], "HitCounter::Record");
  const Frame& access = report.stacks[0].frames.at(0);
  EXPECT_EQ(access.function, "HitCounter::Record()");
  EXPECT_TRUE(absl::EndsWith(access.file, "/tests/sanitizers/victims/data_race.cc")) << access.file;
  EXPECT_EQ(access.line, 9);
  EXPECT_EQ(access.module, "data_race");
}

TEST_P(RealReport, OfAUseAfterFreeNamesTheUseAndTheFree) {
  const Report report = OnlyReport("use_after_free");
  EXPECT_EQ(report.kind, ReportKind::kUseAfterFree);
  EXPECT_THAT(SiteNames(report), ElementsAre("Connection::Send", "Pool::Close"));
}

TEST_P(RealReport, OfALockOrderInversionNamesEachAcquisition) {
  const Report report = OnlyReport("lock_order");
  EXPECT_EQ(report.kind, ReportKind::kLockOrderInversion);
  EXPECT_THAT(SiteNames(report), ElementsAre("Bank::Transfer", "Bank::Transfer"));
  EXPECT_EQ(report.stacks[0].role, StackRole::kLockAcquired);
  EXPECT_EQ(report.stacks[1].role, StackRole::kLockHeld);
}

TEST_P(RealReport, OfACycleOfThreeLocksHasThreeSites) {
  const Report report = OnlyReport("lock_cycle");
  EXPECT_EQ(report.kind, ReportKind::kLockOrderInversion);
  EXPECT_THAT(SiteNames(report), ElementsAre("Table::Dine", "Table::Dine", "Table::Dine"));
}

TEST_P(RealReport, OfAVirtualCallNamesTheDestructor) {
  const Report report = OnlyReport("vptr_race");
  // g++ 12 does not distinguish the read of the vptr from others.
  EXPECT_EQ(report.kind, GetParam() == "tsan" ? ReportKind::kVptrRace : ReportKind::kDataRace);
  EXPECT_THAT(SiteNames(report), ElementsAre("Plugin::Run", "Plugin::~Plugin"));
}

TEST_P(RealReport, OfALambdaInAFreeFunctionNamesTheFunction) {
  const Report report = OnlyReport("lambda_race");
  EXPECT_THAT(SiteNames(report), ElementsAre("Tally", "Tally"));
}

struct Misuse {
  const char* victim;
  std::vector<std::string> arguments;
  ReportKind kind;
  std::vector<std::string> sites;
};

TEST_P(RealReport, OfAMisuseNamesItsPlace) {
  const Misuse misuses[] = {
      {"bad_unlock", {}, ReportKind::kBadUnlock, {"Session::Finish"}},
      {"double_lock", {}, ReportKind::kDoubleLock, {"BrokenLock::Lock"}},
      {"bad_read_lock", {}, ReportKind::kBadReadLock, {"Routes::Find"}},
      {"bad_read_lock", {"--unlock"}, ReportKind::kBadReadUnlock, {"Routes::Find"}},
      {"destroy_locked", {}, ReportKind::kMutexDestroyedLocked, {"Completion::Finish", "Completion::Finish"}},
      {"invalid_mutex", {}, ReportKind::kInvalidMutex, {"Cache::Find"}},
      {"thread_leak", {}, ReportKind::kThreadLeak, {"Service::Start"}},
      {"signal_unsafe", {}, ReportKind::kSignalUnsafeCall, {"OnSignal"}},
      {"errno_in_handler", {}, ReportKind::kErrnoInSignalHandler, {"OnSignal"}},
  };
  for (const Misuse& misuse : misuses) {
    SCOPED_TRACE(misuse.victim);
    const Report report = OnlyReport(misuse.victim, misuse.arguments);
    EXPECT_EQ(Name(report.kind), Name(misuse.kind));
    EXPECT_EQ(SiteNames(report), misuse.sites);
  }
}

TEST_P(RealReport, IsReadThroughOtherOutput) {
  ChildSpec spec = Victim(GetParam(), "noise_in_report");
  spec.environment = {{"TSAN_OPTIONS", "halt_on_error=0"}};
  const ChildResult result = RunUnderThreadSanitizer(spec);
  const ParsedReports parsed = ParseThreadSanitizer(result.err);
  ASSERT_GE(parsed.reports.size(), 2u) << result.err;
  std::vector<std::string> sites;
  for (const Report& report : parsed.reports) {
    EXPECT_EQ(report.kind, ReportKind::kDataRace);
    for (const std::string& name : SiteNames(report)) sites.push_back(name);
  }
  EXPECT_THAT(sites, Contains("Gauge::SetLow"));
  EXPECT_THAT(sites, Contains("Gauge::SetHigh"));
  EXPECT_FALSE(parsed.truncated);
}

TEST_P(RealReport, IsNotSeenInACleanRun) {
  const ChildResult result = RunUnderThreadSanitizer(Victim(GetParam(), "race_free"));
  const ParsedReports parsed = ParseThreadSanitizer(result.err);
  EXPECT_TRUE(parsed.reports.empty());
  EXPECT_FALSE(parsed.truncated);
  EXPECT_EQ(result.exit_code, 0) << result.note << result.err;
}

TEST_P(RealReport, OfASignalNamesItAndItsPlace) {
  const ChildResult result = RunUnderThreadSanitizer(Victim(GetParam(), "crash"));
  const ParsedReports parsed = ParseThreadSanitizer(result.err);
  EXPECT_TRUE(parsed.reports.empty());
  EXPECT_FALSE(parsed.truncated);
  ASSERT_TRUE(parsed.signal.has_value()) << result.err;
  EXPECT_EQ(parsed.signal->name, "SEGV");
  const Frame* site = Site(parsed.signal->stack);
  ASSERT_NE(site, nullptr);
  EXPECT_EQ(SiteName(parsed.signal->stack, *site), "Parser::Read");
}

RACELAB_FOR_EACH_TREE(RealReport);

constexpr std::string_view kShort =
    "==================\n"
    "WARNING: ThreadSanitizer: data race (pid=1)\n"
    "  Write of size 4 at 0x7b04 by main thread:\n"
    "    #0 A::F() /src/a.h:3 (a+0x1)\n"
    "\n"
    "  Previous write of size 4 at 0x7b04 by thread T1:\n"
    "    [failed to restore the stack]\n"
    "\n"
    "  Location is global 'g_total' of size 4 at 0x7b04 (a+0x2)\n"
    "\n"
    "SUMMARY: ThreadSanitizer: data race /src/a.h:3 in A::F()\n"
    "==================\n";

TEST(ParseThreadSanitizer, KeepsAStackThatCouldNotBeRestoredAsAnEmptyOne) {
  const ParsedReports parsed = ParseThreadSanitizer(kShort);
  ASSERT_EQ(parsed.reports.size(), 1u);
  ASSERT_EQ(parsed.reports[0].stacks.size(), 2u);
  EXPECT_TRUE(parsed.reports[0].stacks[1].frames.empty());
  EXPECT_EQ(parsed.reports[0].location, "global 'g_total' of size 4 at 0x7b04 (a+0x2)");
  const std::vector<NamedSite> sites = NamedSites(parsed.reports[0]);
  ASSERT_EQ(sites.size(), 2u);
  EXPECT_EQ(sites[1].frame, nullptr);
}

TEST(ParseThreadSanitizer, SaysThatAReportWasCutThoughAnotherFollows) {
  const std::string cut(kShort.substr(0, kShort.find("  Previous")));
  const ParsedReports parsed = ParseThreadSanitizer(absl::StrCat(cut, kShort));
  EXPECT_EQ(parsed.reports.size(), 1u);
  EXPECT_TRUE(parsed.truncated);
  EXPECT_EQ(parsed.reports.at(0).stacks.size(), 2u);
}

TEST(ParseThreadSanitizer, ReadsTwoReportsInARow) {
  const ParsedReports parsed = ParseThreadSanitizer(absl::StrCat(kShort, kShort));
  EXPECT_EQ(parsed.reports.size(), 2u);
  EXPECT_FALSE(parsed.truncated);
}

TEST(ParseThreadSanitizer, ReadsTwoReportsInARowThatHaveNoSummary) {
  // ThreadSanitizer writes no summary if the first stack could not be restored.
  std::string text(kShort);
  text.erase(text.find("SUMMARY"), text.rfind("====") + 4 - 18 - text.find("SUMMARY"));
  const ParsedReports parsed = ParseThreadSanitizer(absl::StrCat(text, text));
  EXPECT_EQ(parsed.reports.size(), 2u);
  EXPECT_FALSE(parsed.truncated);
}

TEST(ParseThreadSanitizer, DoesNotTakeALongerRuleForTheEnd) {
  std::string text(kShort);
  text.insert(text.find("  Location"), "==============================\n");
  const ParsedReports parsed = ParseThreadSanitizer(text);
  ASSERT_EQ(parsed.reports.size(), 1u);
  EXPECT_FALSE(parsed.reports[0].location.empty());
}

TEST(ParseThreadSanitizer, ReadsALineThatBeginsWithOtherOutput) {
  std::string text(kShort);
  text.insert(text.find("    #0"), "progress: 30 %");
  text.insert(text.find("WARNING"), "progress: 20 %");
  const ParsedReports parsed = ParseThreadSanitizer(text);
  ASSERT_EQ(parsed.reports.size(), 1u);
  EXPECT_EQ(parsed.reports[0].stacks, ParseThreadSanitizer(kShort).reports[0].stacks);
}

Frame At(std::string function, std::string file, std::string module = "a_test") {
  return {std::move(function), std::move(file), 1, std::move(module)};
}

TEST(Site, IsTheInnermostFrameOfTheProgram) {
  const Stack stack{StackRole::kAccess,
                    "",
                    {At("operator new(unsigned long)", "", "a_test"), At("memcpy", "", "libtsan.so.2"),
                     At("__gthread_mutex_lock", "/usr/include/x86_64-linux-gnu/c++/12/bits/gthr-default.h"),
                     At("int& std::vector<int, std::allocator<int> >::emplace_back<int>(int&&)", ""),
                     At("absl::Mutex::Lock()", "/w/build/deps/src/abseil/absl/synchronization/mutex.cc"),
                     At("testing::Test::Run()", "/w/src/googletest/src/gtest.cc"),
                     At("RunTogether<A>(A)", "/w/tests/support/run_together.h"),
                     At("Table::Open(int)", "/w/labs/data_races/shared_container/table.h"),
                     At("Test_Body::TestBody()", "/w/tests/data_races/shared_container/table_test.cc")}};
  ASSERT_NE(Site(stack), nullptr);
  EXPECT_EQ(Site(stack)->function, "Table::Open(int)");
}

TEST(Site, IsNothingWhereNoFrameIsTheProgrammes) {
  EXPECT_EQ(Site(Stack()), nullptr);
  EXPECT_EQ(Site({StackRole::kAccess, "", {At("free", "", "libtsan.so.2"), At("", "", "libc.so.6")}}), nullptr);
}

TEST(Site, MayHaveNoFileIfNoFrameHasOne) {
  const Stack stack{StackRole::kAccess, "", {At("operator delete(void*)", ""), At("Pool::Close()", "")}};
  ASSERT_NE(Site(stack), nullptr);
  EXPECT_EQ(Site(stack)->function, "Pool::Close()");
}

}  // namespace
}  // namespace racelab
