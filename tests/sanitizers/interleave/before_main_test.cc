// Threads that constructors of globals start are explored like those that main() starts.

#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

class BeforeMainTest : public ExploredTest {};

TEST_P(BeforeMainTest, AThreadOfAConstructorIsExplored) {
  const Exploration exploration = Explore("before_main", {"right"}, Whole());
  EXPECT_TRUE(exploration.complete);
  EXPECT_TRUE(exploration.failures.empty()) << FirstMessage(exploration);
  EXPECT_GT(exploration.executions, 1u);
}

TEST_P(BeforeMainTest, AFailureOfSuchAThreadIsFoundAndReplayed) {
  InterleaveOptions options = Whole();
  const Exploration found = Explore("before_main", {"wrong"}, options);
  const InterleavingFailure* race = FailureOf(found, "data race");
  ASSERT_NE(race, nullptr) << FirstMessage(found);
  options.search = "replay:" + race->schedule;
  const Exploration replayed = Explore("before_main", {"wrong"}, options);
  ASSERT_NE(FailureOf(replayed, "data race"), nullptr) << FirstMessage(replayed);
  EXPECT_EQ(FailureOf(replayed, "data race")->message, race->message);
}

TEST_P(BeforeMainTest, AConstructorThatNeverEndsIsADeadlock) {
  const Exploration exploration = Explore("before_main", {"deadlock"}, Whole());
  EXPECT_NE(FailureOf(exploration, "deadlock"), nullptr) << FirstMessage(exploration);
}

RACELAB_FOR_EACH_TREE(BeforeMainTest);

}  // namespace
}  // namespace racelab
