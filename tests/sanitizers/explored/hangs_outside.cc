// A test program, one of whose tests hangs before the others have begun.

#include <mutex>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"

namespace {

// Real threads outside of every scenario: the system decides in which order they run.
TEST(ABeforeTheOthers, Hangs) {
  std::mutex first, second;
  const std::lock_guard lock(first);
  racelab::RunTogether([&] { const std::lock_guard wait(first); }, [&] { const std::lock_guard lock(second); });
}

TEST(Visitors, Hold) {
  racelab::Interleavings([] {
    std::mutex mutex;
    int visitors = 0;
    const auto enter = [&] {
      const std::lock_guard lock(mutex);
      ++visitors;
    };
    racelab::RunTogether(enter, enter);
    EXPECT_EQ(visitors, 2);
  });
}

TEST(Visitors, Race) {
  racelab::Interleavings([] {
    int visitors = 0;
    racelab::RunTogether([&] { ++visitors; }, [&] { ++visitors; });
  });
}

}  // namespace
