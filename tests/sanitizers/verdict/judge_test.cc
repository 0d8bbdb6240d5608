// Each verdict is produced by real programs: by the victims, and by disabled tests of this program, which are run as
// child processes.

#include "sanitizers/verdict/judge.h"

#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/verdict/judge_exploration.h"
#include "sanitizers/verdict/test_run.h"
#include "sanitizers/verdict/tsan_run.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

Evidence Declare(ReportKind kind, std::vector<std::string> in) { return {{{kind, std::move(in)}}, {}, ""}; }

class JudgeTest : public VictimTest {
 protected:
  static Judgement Judge(const std::string& victim, const Evidence* evidence, std::vector<std::string> arguments = {}) {
    ChildSpec spec = Victim(GetParam(), victim, std::move(arguments));
    spec.limits.time = absl::Seconds(5);
    spec.limits.memory_bytes = int64_t{400} << 20;
    return JudgeRun(ReadTsanRun(RunUnderThreadSanitizer(spec)), evidence);
  }
};

TEST_P(JudgeTest, ExposedIfTheDeclaredBugIsReported) {
  const Evidence race = Declare(ReportKind::kDataRace, {"HitCounter::Record", "HitCounter::Record"});
  const Judgement judgement = Judge("data_race", &race);
  EXPECT_EQ(judgement.verdict, Verdict::kExposed);
  EXPECT_THAT(judgement.reason, IsEmpty());
  EXPECT_EQ(judgement.evidence, "data race: HitCounter::Record / HitCounter::Record");
  EXPECT_EQ(judgement.reports.size(), 1u);

  const Evidence freed = Declare(ReportKind::kUseAfterFree, {"Pool", "Connection"});
  EXPECT_EQ(Judge("use_after_free", &freed).verdict, Verdict::kExposed);
  const Evidence order = Declare(ReportKind::kLockOrderInversion, {"Bank::Transfer"});
  EXPECT_EQ(Judge("lock_order", &order).verdict, Verdict::kExposed);
  const Evidence vptr = {{{ReportKind::kVptrRace, {"Plugin::Run", "Plugin::~Plugin"}, ReportKind::kDataRace}}, {}, ""};
  const Evidence seen = GetParam() == "tsan-gcc" ? SeenByGcc(vptr) : vptr;
  EXPECT_EQ(Judge("vptr_race", &seen).verdict, Verdict::kExposed);
  const Evidence leak = Declare(ReportKind::kThreadLeak, {"Service::Start"});
  EXPECT_EQ(Judge("thread_leak", &leak).verdict, Verdict::kExposed);
}

TEST_P(JudgeTest, ExposedThoughTheProgramThenCrashed) {
  const Evidence evidence = Declare(ReportKind::kDataRace, {"Ledger::Post"});
  ChildSpec spec = Victim(GetParam(), "race_then_crash");
  spec.environment = {{"TSAN_OPTIONS", "halt_on_error=0"}};
  const ChildResult result = RunUnderThreadSanitizer(spec);
  EXPECT_THAT(result.err, HasSubstr("SEGV"));
  EXPECT_EQ(JudgeRun(ReadTsanRun(result), &evidence).verdict, Verdict::kExposed);
}

TEST_P(JudgeTest, WrongReportIfTheKindIsAnother) {
  const Evidence evidence = Declare(ReportKind::kLockOrderInversion, {"Bank::Transfer"});
  const Judgement judgement = Judge("data_race", &evidence);
  EXPECT_EQ(judgement.verdict, Verdict::kExposedOtherwise);
  EXPECT_EQ(judgement.reason,
            "reported data race in HitCounter::Record / HitCounter::Record, but lab.toml declares lock-order inversion "
            "in Bank::Transfer");
}

TEST_P(JudgeTest, WrongReportIfThePlaceIsAnother) {
  const Evidence evidence = Declare(ReportKind::kDataRace, {"HitCounter::Record", "HitCounter::Total"});
  EXPECT_EQ(Judge("data_race", &evidence).verdict, Verdict::kExposedOtherwise);
}

TEST_P(JudgeTest, WrongReportIfAnotherBugIsReportedToo) {
  Evidence evidence = Declare(ReportKind::kDataRace, {"Gauge::SetLow"});
  ChildSpec spec = Victim(GetParam(), "noise_in_report");
  spec.environment = {{"TSAN_OPTIONS", "halt_on_error=0"}};
  const ChildResult result = RunUnderThreadSanitizer(spec);
  const Judgement judgement = JudgeRun(ReadTsanRun(result), &evidence);
  EXPECT_EQ(judgement.verdict, Verdict::kExposedOtherwise);
  EXPECT_THAT(judgement.evidence, HasSubstr("Gauge::SetHigh"));
  evidence.also.push_back({ReportKind::kDataRace, {"Gauge::SetHigh"}});
  EXPECT_EQ(JudgeRun(ReadTsanRun(result), &evidence).verdict, Verdict::kExposed);
  std::swap(evidence.must, evidence.also);
  EXPECT_EQ(JudgeRun(ReadTsanRun(result), &evidence).verdict, Verdict::kExposed);
  evidence.must = {{ReportKind::kBadUnlock, {}}};  // The declared bug, but seen only through another report.
  evidence.also = {{ReportKind::kDataRace, {}}};
  EXPECT_EQ(JudgeRun(ReadTsanRun(result), &evidence).verdict, Verdict::kExposed);
  evidence.also = {{ReportKind::kLockOrderInversion, {}}};
  EXPECT_EQ(JudgeRun(ReadTsanRun(result), &evidence).verdict, Verdict::kExposedOtherwise);
}

TEST_P(JudgeTest, WrongReportIfAFixHasAnyReport) {
  const Judgement judgement = Judge("data_race", nullptr);
  EXPECT_EQ(judgement.verdict, Verdict::kExposedOtherwise);
  EXPECT_EQ(judgement.reason,
            "data race between HitCounter::Record (data_race.cc:9) and HitCounter::Record (data_race.cc:9)");
}

TEST_P(JudgeTest, CleanThoughALibraryIsFormallyInARaceWithItself) {
  const auto run = [](std::vector<std::string> arguments) {
    return RunTestsUnderThreadSanitizer(Victim(GetParam(), "library_race", std::move(arguments)));
  };
  EXPECT_EQ(Judge("library_race", nullptr).verdict, Verdict::kExposedOtherwise) << "the report is no longer made";
  EXPECT_EQ(JudgeRun(run({}), nullptr).verdict, Verdict::kClean);
  const Judgement own = JudgeRun(run({"own"}), nullptr);
  EXPECT_EQ(own.evidence, "data race: Settings::Count / Settings::Count");
  EXPECT_EQ(own.reports.size(), 1u);
}

TEST_P(JudgeTest, NotExposedOrCleanIfNothingIsReported) {
  const Evidence evidence = Declare(ReportKind::kUseAfterFree, {"Pool::Lend"});
  const Judgement judgement = Judge("race_free", &evidence);
  EXPECT_EQ(judgement.verdict, Verdict::kNotExposed);
  EXPECT_EQ(judgement.reason, "declared heap-use-after-free in Pool::Lend, but nothing was reported");
  EXPECT_EQ(Judge("race_free", nullptr).verdict, Verdict::kClean);
  EXPECT_THAT(Judge("race_free", nullptr).reason, IsEmpty());
}

TEST_P(JudgeTest, CrashIfASignalEndsTheProgram) {
  const Judgement caught = Judge("crash", nullptr);
  EXPECT_EQ(caught.verdict, Verdict::kCrash);
  EXPECT_EQ(caught.reason, "killed by SIGSEGV, at Parser::Read (crash.cc:5)");
  const Judgement aborted = Judge("abort", nullptr);
  EXPECT_EQ(aborted.verdict, Verdict::kCrash);
  EXPECT_EQ(aborted.reason, "killed by SIGABRT:   what():  nobody catches this");
}

TEST_P(JudgeTest, CrashIfTheExitStatusIsUnknown) {
  const Judgement judgement = Judge("exit_code", nullptr);
  EXPECT_EQ(judgement.verdict, Verdict::kCrash);
  EXPECT_EQ(judgement.reason, "exited with status 3");
}

TEST_P(JudgeTest, CutReportIfAReportIsAnnouncedOrBegunOnly) {
  EXPECT_EQ(Judge("cut_report", nullptr).verdict, Verdict::kUnreadableReport);
  const Judgement nothing = Judge("cut_report", nullptr, {"--nothing"});
  EXPECT_EQ(nothing.verdict, Verdict::kUnreadableReport);
  EXPECT_EQ(nothing.reason, "exited with status 66, as after a report, but there is none");
}

TEST_P(JudgeTest, HangIfItDeadlocks) {
  const Judgement judgement = Judge("deadlock", nullptr);
  EXPECT_EQ(judgement.verdict, Verdict::kHang);
  EXPECT_THAT(judgement.reason, MatchesRegex("deadlock: thread 2 waits for a mutex that thread 3 holds; thread 3 .*"));
}

TEST_P(JudgeTest, HangIfNoThreadCanGoOn) {
  const Judgement judgement = Judge("condition_hang", nullptr);
  EXPECT_EQ(judgement.verdict, Verdict::kHang);
  EXPECT_THAT(judgement.reason, HasSubstr("hung: no thread can go on; thread 1 waits on a condition"));
}

TEST_P(JudgeTest, HangIfItDoesNotEnd) {
  const Judgement judgement = Judge("hang", nullptr);
  EXPECT_EQ(judgement.verdict, Verdict::kHang);
  EXPECT_EQ(judgement.reason, "hung: no end after 5 s; thread 1 is running");
}

TEST_P(JudgeTest, OverLimitIfItTakesTooMuch) {
  EXPECT_EQ(Judge("memory_hog", nullptr).verdict, Verdict::kOverLimit);
  EXPECT_EQ(Judge("flood", nullptr).verdict, Verdict::kOverLimit);
  EXPECT_EQ(Judge("fork_bomb", nullptr).verdict, Verdict::kOverLimit);
}

TEST_P(JudgeTest, CannotStartIfThereIsNoProgram) {
  const Judgement judgement = Judge("no_such_victim", nullptr);
  EXPECT_EQ(judgement.verdict, Verdict::kCouldNotStart);
  EXPECT_THAT(judgement.reason, HasSubstr("build it first"));
}

TEST_P(JudgeTest, Interrupted) {
  RequestInterrupt();
  EXPECT_EQ(Judge("race_free", nullptr).verdict, Verdict::kInterrupted);
  ClearInterrupt();
}

RACELAB_FOR_EACH_TREE(JudgeTest);

// The tests that the child processes of GoogleTestRun run.
TEST(Child, DISABLED_Fails) {
  SCOPED_TRACE("on the way");
  EXPECT_EQ(1 + 1, 3) << "so it is";
  ADD_FAILURE() << "and more";
}
TEST(Child, DISABLED_Passes) {}
TEST(Child, DISABLED_Crashes) { std::raise(SIGKILL); }
TEST(Child, DISABLED_Exits) { std::_Exit(0); }
TEST(Child, DISABLED_ExitsWith7) { std::_Exit(7); }
TEST(Child, DISABLED_FailsTheThirdTime) {
  static int times = 0;
  EXPECT_NE(++times, 3);
}
TEST(Child, DISABLED_CrashesTheThirdTime) {
  static int times = 0;
  if (++times == 3) std::raise(SIGKILL);
}
TEST(Child, DISABLED_NeverEnds) {
  for (volatile bool stop = false; !stop;) {
  }
}

ChildResult RunOwnTest(const std::string& name, int repeat = 1) {
  ChildSpec spec;
  spec.argv = {"/proc/self/exe", absl::StrCat("--gtest_filter=", name), absl::StrCat("--gtest_repeat=", repeat),
               "--gtest_also_run_disabled_tests"};
  // exec resolves /proc/self/exe in the child, which is still this program at that moment.
  spec.limits.time = absl::Seconds(2);
  return RunChild(spec);
}

Judgement JudgeOwnTest(const std::string& name, const Evidence* evidence = nullptr) {
  return JudgeRun(ReadTsanRun(RunOwnTest(name)), evidence);
}

TEST(GoogleTestRun, IsCleanIfItsTestsPass) {
  EXPECT_EQ(JudgeOwnTest("Child.DISABLED_Passes").verdict, Verdict::kClean);
}

TEST(GoogleTestRun, FailsWithTheFirstFailuresPlaceAndWords) {
  const Judgement judgement = JudgeOwnTest("Child.DISABLED_Fails");
  EXPECT_EQ(judgement.verdict, Verdict::kFunctionalFailure);
  EXPECT_THAT(judgement.reason,
              AllOf(StartsWith("Child.DISABLED_Fails: judge_test.cc:"), HasSubstr(", not "), HasSubstr("so it is"),
                    HasSubstr("; on the way"), Not(HasSubstr("/")), Not(HasSubstr("and more"))));
}

TEST(GoogleTestRun, IsExposedByTheTestThatIsDeclaredToFail) {
  const Evidence evidence = {{}, {}, "Child.DISABLED_Fails"};
  const Judgement judgement = JudgeOwnTest("Child.DISABLED_Fails", &evidence);
  EXPECT_EQ(judgement.verdict, Verdict::kExposed);
  EXPECT_EQ(judgement.evidence, "failed test: Child.DISABLED_Fails");
}

TEST(GoogleTestRun, IsNotExposedByAnythingButTheTestThatIsDeclaredToFail) {
  const Evidence evidence = {{}, {}, "Child.DISABLED_Passes"};
  EXPECT_EQ(JudgeOwnTest("Child.DISABLED_Passes", &evidence).reason,
            "declared that Child.DISABLED_Passes fails, but it passed");
  EXPECT_EQ(JudgeOwnTest("Child.DISABLED_Passes", &evidence).verdict, Verdict::kNotExposed);
  EXPECT_EQ(JudgeOwnTest("Child.DISABLED_Fails", &evidence).verdict, Verdict::kExposedOtherwise);
  EXPECT_EQ(JudgeOwnTest("Child.DISABLED_Crashes", &evidence).verdict, Verdict::kCrash);
}

TEST(GoogleTestRun, OfAnExplorationThatExploredNothingFailsThoughItsTestsAreSkipped) {
  ChildResult child;
  child.end = ChildEnd::kExited;
  for (const char* end : {"A.B (0 ms)\n", "A.B (0 ms)\n[==========] 1 test from 1 test suite ran.\n"}) {
    for (const char* outcome : {"[  SKIPPED ] ", "[       OK ] "}) {
      child.out = absl::StrCat("[==========] Running 1 test from 1 test suite.\n[ RUN      ] A.B\n", outcome, end);
      const InterleaveResult result = ReadInterleaveRun(child, "");
      EXPECT_EQ(JudgeExplorations(result, nullptr).verdict, Verdict::kFunctionalFailure);
      EXPECT_EQ(JudgeExplorations(result, nullptr).reason, "no scenario was explored");
    }
  }
}

TEST(GoogleTestRun, FailsIfItRanNothing) {
  const Judgement judgement = JudgeOwnTest("Child.NoSuchTest");
  EXPECT_EQ(judgement.verdict, Verdict::kFunctionalFailure);
  EXPECT_EQ(judgement.reason, "0 tests ran");
}

TEST(GoogleTestRun, NamesTheTestThatCrashed) {
  const Judgement judgement = JudgeOwnTest("Child.DISABLED_Crashes");
  EXPECT_EQ(judgement.verdict, Verdict::kCrash);
  EXPECT_EQ(judgement.reason, "killed by SIGKILL in Child.DISABLED_Crashes");
}

TEST(GoogleTestRun, NamesTheTestThatHung) {
  const Judgement judgement = JudgeOwnTest("Child.DISABLED_NeverEnds");
  EXPECT_EQ(judgement.verdict, Verdict::kHang);
  EXPECT_EQ(judgement.reason, "hung in Child.DISABLED_NeverEnds: no end after 2 s; thread 1 is running");
}

TEST(GoogleTestRun, IsNotCleanIfItExitsInTheMiddleOfATest) {
  EXPECT_EQ(JudgeOwnTest("Child.DISABLED_Exits").verdict, Verdict::kCrash);
  EXPECT_EQ(JudgeOwnTest("Child.DISABLED_ExitsWith7").reason, "exited with status 7 in Child.DISABLED_ExitsWith7");
}

TEST(GoogleTestRun, CountsItsRepetitions) {
  const TestOutput once = ParseGoogleTest(RunOwnTest("Child.DISABLED_Fails").out);
  EXPECT_EQ(once.repetitions, 1);
  EXPECT_EQ(once.failed_repetitions, 1);

  const ChildResult failed = RunOwnTest("Child.DISABLED_FailsTheThirdTime", 5);
  EXPECT_EQ(JudgeRun(ReadTsanRun(failed), nullptr).verdict, Verdict::kFunctionalFailure);
  EXPECT_EQ(ParseGoogleTest(failed.out).repetitions, 5);
  EXPECT_EQ(ParseGoogleTest(failed.out).failed_repetitions, 1);

  const ChildResult crashed = RunOwnTest("Child.DISABLED_CrashesTheThirdTime", 5);
  EXPECT_EQ(JudgeRun(ReadTsanRun(crashed), nullptr).reason, "killed by SIGKILL in Child.DISABLED_CrashesTheThirdTime");
  EXPECT_EQ(ParseGoogleTest(crashed.out).repetitions, 3);
}

TEST(IsRight, IsExposedOrDeclaredSilentForALabAndCleanForAFix) {
  for (int i = 0; i <= static_cast<int>(Verdict::kInterrupted); ++i) {
    const auto verdict = static_cast<Verdict>(i);
    EXPECT_EQ(IsRight(verdict, false), verdict == Verdict::kExposed || verdict == Verdict::kSilent) << Name(verdict);
    EXPECT_EQ(IsRight(verdict, true), verdict == Verdict::kClean) << Name(verdict);
    EXPECT_LE(Name(verdict).size(), 12u);
  }
}

}  // namespace
}  // namespace racelab
