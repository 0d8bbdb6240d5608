// What ends a program under the second runtime that would not end by itself, and what must not be taken for that.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/verdict/judge_exploration.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;

class LimitsTest : public ExploredTest {};

TEST_P(LimitsTest, TestsThatHangOutsideOfTheirScenariosAreEnded) {
  InterleaveOptions options = Whole();
  options.whole_program = false;
  options.idle_seconds = 1;
  const Judgement judgement = JudgeExplorations(RunUnderInterleave(Victim(GetParam(), "hang"), options), nullptr);
  EXPECT_EQ(judgement.verdict, Verdict::kHang);
  EXPECT_THAT(judgement.reason, HasSubstr("the tests spent 1 s outside of their scenarios, in "));
}

// Whether it computes or hangs cannot be told: that is no failure of the program.
TEST_P(LimitsTest, AThreadThatDoesNothingVisibleIsCutOff) {
  InterleaveOptions options = Whole();
  options.minimise = false;
  options.seconds = 8;
  const Exploration exploration = Explore("primitives", {"wrong", "silent_loop"}, options);
  ASSERT_FALSE(exploration.failures.empty());
  EXPECT_EQ(exploration.failures[0].kind, "cut off");
}

// Executions of one program are mostly as long as each other: the watchdog, which looks every second, may find the same
// number of steps each time.
TEST_P(LimitsTest, ManyShortExecutionsAreNoStandstill) {
  InterleaveOptions options = Whole();
  options.search = "full";
  options.seconds = 6;
  const Exploration exploration = Explore("counts", {"counter", "9"}, options);  // More than can be explored.
  EXPECT_TRUE(exploration.failures.empty()) << exploration.failures[0].message;
  EXPECT_GT(exploration.executions, 0u);
  EXPECT_FALSE(exploration.complete);
}

RACELAB_FOR_EACH_TREE(LimitsTest);

}  // namespace
}  // namespace racelab
