// The sentence about the misunderstanding behind a failure, of programs that each rest on one.

#include "sanitizers/verdict/misconception.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

class MisconceptionTest : public ExploredTest {
 protected:
  // Of the first failure of this kind.
  static std::string Of(const std::string& program, const std::string& kind) {
    const Exploration exploration = Explore("misconceptions", {program}, Whole());
    const InterleavingFailure* failure = FailureOf(exploration, kind);
    if (failure != nullptr) return Misconception(*failure, {});
    ADD_FAILURE() << program << ": " << FirstMessage(exploration);
    return "";
  }
};

TEST_P(MisconceptionTest, OnlyTheWriterIsGuarded) {
  EXPECT_EQ(Of("reader_without_lock", "data race"),
            "Total() reads total_ holding nothing; Record() writes it holding mutex_.");
}

TEST_P(MisconceptionTest, EachLocksItsOwn) {
  const std::string sentence = Of("two_mutexes", "data race");
  EXPECT_TRUE(sentence.find("holding other_mutex_") != std::string::npos &&
              sentence.find("holding mutex_") != std::string::npos &&
              sentence.find("only the same lock excludes the other") != std::string::npos)
      << sentence;
}

TEST_P(MisconceptionTest, WritersLockShared) {
  EXPECT_EQ(
      Of("shared", "data race"),
      "RecordShared() reads total_, and RecordShared() writes it, both holding table_, but shared: shared locks do not "
      "exclude each other.");
}

TEST_P(MisconceptionTest, NobodyLocks) {
  const std::string sentence = Of("neither", "data race");
  EXPECT_TRUE(sentence.ends_with("both holding nothing.")) << sentence;
}

TEST_P(MisconceptionTest, OnlyOneIsAtomic) {
  EXPECT_EQ(Of("half_atomic", "data race"),
            "RecordAtomically() writes count_ atomically, but CountPlainly() reads it not.");
}

TEST_P(MisconceptionTest, CheckedAndActedApart) {
  const std::string sentence = Of("check_then_act", "abort");
  EXPECT_TRUE(sentence.starts_with("TakeInTwo() locks mutex_ twice, at misconceptions.cc:")) << sentence;
  EXPECT_TRUE(sentence.ends_with("comes in between: what was checked may no longer be true.")) << sentence;
}

TEST_P(MisconceptionTest, NotifiedWithoutTheLock) {
  EXPECT_EQ(Of("lost_notification", "deadlock"),
            "Open() notifies opened_ holding nothing, when AwaitOpen() has checked and does not sleep yet.");
}

TEST_P(MisconceptionTest, TheThreadIsStartedBeforeTheObjectIsComplete) {
  EXPECT_EQ(
      Of("started_too_early", "data race"),
      "The constructor of Ticker writes limit_ when the thread has already been started in which Run() reads it.");
}

RACELAB_FOR_EACH_TREE(MisconceptionTest);

}  // namespace
}  // namespace racelab
