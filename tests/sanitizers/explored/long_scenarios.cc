// A test program whose scenarios have thousands of interleavings, and one more than can be run. One of them fails, in a
// single interleaving.

#include <mutex>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"

namespace {

// Two threads take turns: with seven turns each, in C(14, 7) = 3,432 orders.
std::string OrderOfTurns(int turns = 7) {
  std::mutex mutex;
  std::string order;
  const auto take_turns = [&](char thread) {
    for (int i = 0; i < turns; ++i) {
      const std::lock_guard lock(mutex);
      order += thread;
    }
  };
  racelab::RunTogether([&] { take_turns('a'); }, [&] { take_turns('b'); });
  return order;
}

TEST(LongScenarios, First) {
  racelab::Interleavings([] { EXPECT_EQ(OrderOfTurns().size(), 14U); });
}

TEST(LongScenarios, FailsLate) {
  racelab::Interleavings([] { EXPECT_NE(OrderOfTurns(), "abaabbabbabaab"); });
}

TEST(LongScenarios, Last) {
  racelab::Interleavings([] { EXPECT_EQ(OrderOfTurns().size(), 14U); });
}

TEST(LongScenarios, Endless) {
  racelab::Interleavings([] { EXPECT_EQ(OrderOfTurns(100).size(), 200U); });
}

}  // namespace
