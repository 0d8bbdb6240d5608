// Real deadlocks are found long before the time limit, and described; apparent ones are not reported.

#include <string>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/process/child.h"
#include "sanitizers/process/wait_graph.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class DeadlockTest : public VictimTest {};

TEST_P(DeadlockTest, OfTwoMutexesIsFoundAndNamed) {
  const ChildResult result = RunChild(Victim(GetParam(), "deadlock"));
  EXPECT_EQ(result.end, ChildEnd::kDeadlock);
  EXPECT_LT(result.time, absl::Seconds(10));  // of twenty
  EXPECT_THAT(result.wait_for, ElementsAre(MatchesRegex("thread 2 waits for a mutex that thread 3 holds"),
                                           MatchesRegex("thread 3 waits for a mutex that thread 2 holds")));
}

TEST_P(DeadlockTest, OfAThreadWithItselfIsFound) {
  const ChildResult result = RunChild(Victim(GetParam(), "self_deadlock"));
  EXPECT_EQ(result.end, ChildEnd::kDeadlock);
  EXPECT_THAT(result.wait_for, ElementsAre(MatchesRegex("thread 1 waits for a mutex that it holds itself")));
}

TEST_P(DeadlockTest, OfAJoinUnderALockIsFound) {
  const ChildResult result = RunChild(Victim(GetParam(), "join_deadlock"));
  EXPECT_EQ(result.end, ChildEnd::kDeadlock);
  EXPECT_THAT(result.wait_for, ElementsAre("thread 1 waits for thread 2 to end",
                                           MatchesRegex("thread 2 waits for a mutex that thread 1 holds")));
}

TEST_P(DeadlockTest, IsNotSeenInHealthyContention) {
  const ChildResult result = RunChild(Victim(GetParam(), "contended", {"2000"}));
  EXPECT_EQ(result.end, ChildEnd::kExited) << result.note;
}

TEST_P(DeadlockTest, IsNotSeenInAWaitThatWillEnd) {
  const ChildResult result = RunChild(Victim(GetParam(), "long_wait"));
  EXPECT_EQ(result.end, ChildEnd::kExited) << result.note;
}

TEST_P(DeadlockTest, OfAConditionThatNobodyIsLeftToNotifyIsAStandstill) {
  const ChildResult result = RunChild(Victim(GetParam(), "condition_hang"));
  EXPECT_EQ(result.end, ChildEnd::kStandstill);
  EXPECT_LT(result.time, absl::Seconds(10));  // of twenty
  EXPECT_EQ(result.note, "no thread can go on");
  EXPECT_THAT(result.wait_for, ElementsAre(HasSubstr("thread 1 waits on a condition")));
}

TEST_P(DeadlockTest, IsNotSeenWhereASignalOrAProcessMayStillWakeAThread) {
  for (const char* waker : {"signal", "child", "timer", "process"}) {
    const ChildResult result = RunChild(Victim(GetParam(), "woken_late", {waker}));
    EXPECT_EQ(result.end, ChildEnd::kExited) << waker << ": " << result.note;
  }
}

TEST_P(DeadlockTest, IsNotWhatASpinningProgramIsIn) {
  ChildSpec spec = Victim(GetParam(), "hang");
  spec.limits.time = absl::Seconds(1);
  const ChildResult result = RunChild(spec);
  EXPECT_EQ(result.end, ChildEnd::kTimeLimit);
  EXPECT_THAT(result.wait_for, ElementsAre("thread 1 is running"));
}

RACELAB_FOR_EACH_TREE(DeadlockTest);

ThreadWait Mutex(pid_t thread, pid_t owner, int64_t switches = 5) {
  ThreadWait wait;
  wait.thread = thread;
  wait.what = ThreadWait::What::kMutex;
  wait.on = owner;
  wait.switches = switches;
  return wait;
}

TEST(FindCycle, NeedsEveryoneToWait) {
  EXPECT_EQ(FindCycle({Mutex(10, 11), Mutex(11, 12), Mutex(12, 10)}).size(), 3u);
  EXPECT_EQ(FindCycle({Mutex(9, 10), Mutex(10, 11), Mutex(11, 10)}).size(), 2u);
  EXPECT_THAT(FindCycle({Mutex(10, 11), Mutex(11, 12), ThreadWait{12}}), IsEmpty());
  EXPECT_THAT(FindCycle({Mutex(10, 11)}), IsEmpty());
  ThreadWait timed = Mutex(11, 10);
  timed.timed = true;
  EXPECT_THAT(FindCycle({Mutex(10, 11), timed}), IsEmpty());
}

TEST(FindStandstill, NeedsEveryThreadToWaitForAnotherOfTheProcess) {
  ThreadWait condition;
  condition.thread = 10;
  condition.what = ThreadWait::What::kFutex;
  condition.within = true;
  ThreadWait timed = condition;
  timed.timed = true;
  ThreadWait shared = condition;
  shared.within = false;
  EXPECT_EQ(FindStandstill({condition, condition}).size(), 2u);
  EXPECT_THAT(FindStandstill({condition, timed}), IsEmpty());
  EXPECT_THAT(FindStandstill({condition, shared}), IsEmpty());
  EXPECT_THAT(FindStandstill({condition, ThreadWait{12}}), IsEmpty());
}

TEST(DeadlockDetector, BelievesOnlyACycleThatStandsStill) {
  DeadlockDetector still;
  EXPECT_THAT(still.Observe({Mutex(10, 11), Mutex(11, 10)}), IsEmpty());
  EXPECT_THAT(still.Observe({Mutex(10, 11), Mutex(11, 10)}), IsEmpty());
  EXPECT_EQ(still.Observe({Mutex(10, 11), Mutex(11, 10)}).size(), 2u);

  DeadlockDetector moving;  // one of the threads has run in between: the samples are from different moments
  for (int i = 0; i < 10; ++i) EXPECT_THAT(moving.Observe({Mutex(10, 11), Mutex(11, 10, i)}), IsEmpty());
}

}  // namespace
}  // namespace racelab
