// When an attempt is solved though ThreadSanitizer reports something: only where it is known to be wrong.

#include "sanitizers/participant/attempt.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/participant/screens.h"

namespace racelab {
namespace {

// ThreadSanitizer reports this, and all interleavings of a program with fences hold.
Attempt Reported(ReportKind kind) {
  static const Lab& lab = *new Lab;
  Attempt attempt(lab, "mine");
  attempt.tsan.done = attempt.interleave.done = true;
  attempt.tsan.runs = attempt.tsan.wrong = attempt.interleave.runs = 1;
  attempt.tsan.judgement.verdict = Verdict::kExposedOtherwise;
  attempt.tsan.judgement.reports.resize(1);
  attempt.tsan.judgement.reports[0].kind = kind;
  Exploration with_fences, without;
  with_fences.complete = without.complete = with_fences.fences = true;
  attempt.interleave.explorations = {without, with_fences};
  return attempt;
}

TEST(Attempt, IsSolvedThoughThreadSanitizerDoesNotKnowItsFences) {
  EXPECT_TRUE(Reported(ReportKind::kDataRace).IsSolved());
  EXPECT_TRUE(Reported(ReportKind::kVptrRace).IsSolved());
}

TEST(Attempt, IsNotSolvedByFencesIfSomethingElseIsReported) {
  EXPECT_FALSE(Reported(ReportKind::kUseAfterFree).IsSolved());
  EXPECT_FALSE(Reported(ReportKind::kLockOrderInversion).IsSolved());
  Attempt also = Reported(ReportKind::kDataRace);
  also.tsan.judgement.reports.resize(2);
  also.tsan.judgement.reports[1].kind = ReportKind::kThreadLeak;
  EXPECT_FALSE(also.IsSolved());
  Attempt failed = Reported(ReportKind::kDataRace);
  failed.tsan.judgement.reports.clear();
  EXPECT_FALSE(failed.IsSolved());
}

TEST(Attempt, IsNotSolvedByFencesUnlessEveryInterleavingHolds) {
  Attempt without_fences = Reported(ReportKind::kDataRace);
  without_fences.interleave.explorations.pop_back();
  EXPECT_FALSE(without_fences.IsSolved());
  Attempt bounded = Reported(ReportKind::kDataRace);
  bounded.interleave.explorations[0].complete = false;
  EXPECT_FALSE(bounded.IsSolved());
  Attempt failing = Reported(ReportKind::kDataRace);
  failing.interleave.wrong = 1;
  EXPECT_FALSE(failing.IsSolved());
  EXPECT_FALSE(failing.IsFalseAlarm());
  Attempt stopped = Reported(ReportKind::kDataRace);
  stopped.interleave.runs = 0;
  EXPECT_FALSE(stopped.IsSolved());
}

TEST(Attempt, IsNotSolvedByFencesIfItHidesSomething) {
  Attempt hiding = Reported(ReportKind::kDataRace);
  hiding.evasion = "it turns the sanitizer off";
  EXPECT_FALSE(hiding.IsSolved());
}

// Below ten lines, the terminal breaks them.
TEST(AttemptScreen, KeepsTheNextCommandWhereThereIsHardlyAnyRoom) {
  const Lab lab;
  Attempt does_not_compile(lab, std::string(kMineVariant)), hides_something = does_not_compile;
  for (int line = 1; line < 30; ++line) {
    absl::StrAppend(&does_not_compile.compile_errors, "workspace/a/b.h:", line,
                    ":1: error: nobody knows what this is\n");
    hides_something.evasion += "it hides this and that, and everything else, too. ";
  }
  for (const Attempt& attempt : {does_not_compile, hides_something}) {
    for (const int lines : {4, 8, 10, 24}) {
      const std::string screen = AttemptScreen(Project(), attempt, {.lines = lines, .columns = 40});
      EXPECT_THAT(screen, testing::HasSubstr("next: "));
      EXPECT_LE(RowsOf(screen, 40), std::max(lines, 9)) << screen;
    }
  }
}

TEST(AttemptScreen, NamesTheNextLabOnlyWhereNothingElseDoes) {
  Lab lab;
  lab.fixes["mutex"];
  for (const bool why_follows : {false, true}) {
    Attempt attempt(lab, std::string(kMineVariant));
    attempt.tsan.done = attempt.interleave.done = true;
    attempt.tsan.runs = attempt.interleave.runs = 1;
    const std::string screen = AttemptScreen(Project(), attempt, {.lines = 24, .columns = 80}, why_follows);
    EXPECT_THAT(screen, testing::HasSubstr("what each of them costs"));
    EXPECT_EQ(screen.find("the lab that comes next") != std::string::npos, !why_follows) << screen;
  }
}

}  // namespace
}  // namespace racelab
