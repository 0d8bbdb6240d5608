// Programs that would not end by themselves, and programs that must not be mistaken for such programs.

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

// Such a test may hang by chance. The results of the other tests' interleavings do not depend on it.
TEST_P(LimitsTest, TheOtherTestsAreExploredAllTheSame) {
  InterleaveOptions options = Whole();
  options.whole_program = false;
  const InterleaveResult result = Run("hangs_outside", {}, options);
  const ExpectedFailure declared = {"data race", {}};
  EXPECT_EQ(JudgeExplorations(result, &declared).verdict, Verdict::kExposed);
  EXPECT_EQ(JudgeExplorations(result, nullptr).verdict, Verdict::kExposedOtherwise);
}

TEST_P(LimitsTest, ATestThatHangsOutsideIsNotForgottenWhereAllInterleavingsHold) {
  InterleaveOptions options = Whole();
  options.whole_program = false;
  const InterleaveResult result = Run("hangs_outside", {"--gtest_filter=-*.Race"}, options);
  const Judgement judgement = JudgeExplorations(result, nullptr);
  EXPECT_EQ(judgement.verdict, Verdict::kHang);
  EXPECT_THAT(judgement.reason, HasSubstr("deadlock in ABeforeTheOthers.Hangs: "));
  ASSERT_EQ(result.explorations.size(), 1u);
  EXPECT_TRUE(result.explorations.front().complete);
}

// A race on a local object is found, or it is said that the compiler does not let it be seen.
TEST_P(LimitsTest, AnUnseenUseOfALocalObjectIsNotLeftUnsaid) {
  const Exploration seen = Explore("locals", {}, Whole());
  EXPECT_NE(FailureOf(seen, "data race"), nullptr);
  EXPECT_FALSE(seen.unseen_locals);
  const Exploration by_default = Explore("locals_left_out", {}, Whole());
  EXPECT_EQ(by_default.unseen_locals, FailureOf(by_default, "data race") == nullptr);
  EXPECT_FALSE(Explore("bare_counter", {"2"}, Whole()).shared_stacks);
}

// The same for copies.
TEST_P(LimitsTest, AnUnseenCopyIsNotLeftUnsaid) {
  const Exploration seen = Explore("copies", {}, Whole());
  EXPECT_NE(FailureOf(seen, "data race"), nullptr);
  EXPECT_FALSE(seen.unseen_copies);
  const Exploration inlined = Explore("copies_inlined", {}, Whole());
  EXPECT_EQ(inlined.unseen_copies, FailureOf(inlined, "data race") == nullptr);
}

TEST_P(LimitsTest, ThatTheOrderOfChangesToTheSystemIsNotExploredIsSaid) {
  EXPECT_TRUE(Explore("mapped", {"1", "protects"}, Whole()).system_changes);
  EXPECT_FALSE(Explore("mapped", {"1"}, Whole()).system_changes);
}

TEST_P(LimitsTest, ThatTwoMappingsOfTheSameMemoryAreNotKnownToBeOneIsSaid) {
  const Exploration once = Explore("mapped", {"1"}, Whole()), twice = Explore("mapped", {"2"}, Whole());
  EXPECT_TRUE(once.complete && once.failures.empty() && !once.aliases) << FirstMessage(once);
  EXPECT_TRUE(twice.complete && twice.failures.empty() && twice.aliases) << FirstMessage(twice);
}

// What earlier executions have accessed must not matter.
TEST_P(LimitsTest, AThreadSpinsAgainAsItDidBefore) {
  const Exploration exploration = Explore("first_wait", {}, Whole());
  EXPECT_TRUE(exploration.complete && exploration.failures.empty()) << FirstMessage(exploration);
}

// The runtime cannot tell whether the thread computes or hangs, so this is not a failure of the program.
TEST_P(LimitsTest, AThreadThatDoesNothingVisibleIsCutOff) {
  InterleaveOptions options = Whole();
  options.minimise = false;
  options.seconds = 8;
  const Exploration exploration = Explore("primitives", {"wrong", "silent_loop"}, options);
  ASSERT_FALSE(exploration.failures.empty());
  EXPECT_EQ(exploration.failures[0].kind, "cut off");
}

// Executions of a program have similar lengths: the watchdog, which looks once a second, may find the same number of
// steps each time.
TEST_P(LimitsTest, ManyShortExecutionsAreNoStandstill) {
  InterleaveOptions options = Whole();
  options.search = "full";
  options.seconds = 6;
  const Exploration exploration = Explore("counts", {"counter", "9"}, options);  // More than can be explored.
  EXPECT_TRUE(exploration.failures.empty()) << exploration.failures[0].message;
  EXPECT_GT(exploration.executions, 0u);
  EXPECT_FALSE(exploration.complete);
}

// Otherwise the loader's lock would stay locked in every later execution, and the report would blame a clock.
TEST_P(LimitsTest, NothingRemainsOfAnExecutionInWhichAThreadLosesItsStorage) {
  const InterleaveResult result = Run("lost_storage", {}, Whole());
  ASSERT_EQ(result.explorations.size(), 1u) << result.problem << result.child.last_words;
  const Exploration& exploration = result.explorations.front();
  if (const InterleavingFailure* failure = FailureOf(exploration, "exit code")) GTEST_SKIP() << failure->message;
  EXPECT_TRUE(exploration.complete);
  EXPECT_TRUE(exploration.failures.empty()) << FirstMessage(exploration);
  EXPECT_FALSE(exploration.virtual_time);
}

RACELAB_FOR_EACH_TREE(LimitsTest);

}  // namespace
}  // namespace racelab
