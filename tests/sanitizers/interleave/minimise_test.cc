// A failure is shown by the shortest execution that was found, whichever search found it.

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

// The number of changes of the running thread.
int Changes(const InterleavingFailure& failure) {
  int changes = 0, last = -1;
  for (const InterleavingStep& step : failure.steps) {
    if (!step.is_step) continue;
    changes += last >= 0 && step.thread != last;
    last = step.thread;
  }
  return changes;
}

class MinimiseTest : public ExploredTest {};

TEST_P(MinimiseTest, ShrinksWhatTooManyInterleavingsHaveFewerPreemptionsThan) {
  InterleaveOptions options = Whole();
  options.search = "random";
  options.minimise = false;
  const Exploration found = Explore("relay", {}, options);
  ASSERT_FALSE(found.failures.empty());
  options.minimise = true;
  const Exploration shrunk = Explore("relay", {}, options);
  ASSERT_FALSE(shrunk.failures.empty());
  EXPECT_EQ(shrunk.failures[0].message, found.failures[0].message);
  EXPECT_GT(Changes(found.failures[0]), 12);
  EXPECT_EQ(Changes(shrunk.failures[0]), 6);

  options.search = "replay:" + shrunk.failures[0].schedule;
  const Exploration replayed = Explore("relay", {}, options);
  ASSERT_FALSE(replayed.failures.empty());
  EXPECT_EQ(replayed.failures[0].message, found.failures[0].message);
}

RACELAB_FOR_EACH_TREE(MinimiseTest);

}  // namespace
}  // namespace racelab
