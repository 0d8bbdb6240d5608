#include "tests/support/hand_shake.h"

#include <thread>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

TEST(HandShake, EndsAWaitThatBeganBeforeTheSignalOrAfterIt) {
  Interleavings([] {
    HandShake ready;
    RunSimultaneously([&] { ready.Signal(); }, [&] { ready.Await(); }, [&] { ready.Await(); });
    EXPECT_TRUE(ready.AwaitBriefly());
  });
}

TEST(HandShake, GivesUpOnASignalThatNeverComes) {
  HandShake never;
  EXPECT_FALSE(never.AwaitBriefly());
}

// A hand-shake that synchronised would repair the programs that it must expose.
TEST(HandShakeDeathTest, OrdersTwoAccessesAndLeavesThemARace) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        int shared = 0;
        HandShake written;
        RunSimultaneously(
            [&] {
              shared = 1;
              written.Signal();
            },
            [&] {
              written.Await();
              shared = 2;
            });
        _exit(shared == 2 ? 0 : 1);
      },
      testing::ExitedWithCode(66), "data race");
}

}  // namespace
}  // namespace racelab
