#include "tests/support/run_together.h"

#include <atomic>
#include <set>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"

namespace racelab {
namespace {

TEST(RunTogether, RunsEachFunctionOnceOnAThreadOfItsOwn) {
  Interleavings([] {
    std::thread::id first, second;
    int runs[2] = {};
    RunTogether([&] { first = std::this_thread::get_id(), ++runs[0]; },
                [&] { second = std::this_thread::get_id(), ++runs[1]; });
    EXPECT_EQ(runs[0], 1);
    EXPECT_EQ(runs[1], 1);
    EXPECT_NE(first, second);
    EXPECT_NE(first, std::this_thread::get_id());
  });
}

TEST(RunTogether, BeginsWithEveryOrderOfThreeThreadsOneAfterTheOther) {
  std::set<std::string> orders;
  Interleavings([&] {
    if (CurrentRepetition() >= 6) return;
    std::atomic<int> place = 0;
    std::string order = "???";
    RunTogether([&] { order[place.fetch_add(1, std::memory_order_relaxed)] = 'a'; },
                [&] { order[place.fetch_add(1, std::memory_order_relaxed)] = 'b'; },
                [&] { order[place.fetch_add(1, std::memory_order_relaxed)] = 'c'; });
    orders.insert(order);
  });
  EXPECT_EQ(orders, (std::set<std::string>{"abc", "acb", "bac", "bca", "cab", "cba"}));
}

TEST(RunSimultaneously, LetsOneFunctionWaitForAnother) {
  Interleavings([] {
    HandShake ping, pong;
    RunSimultaneously(
        [&] {
          ping.Signal();
          pong.Await();
        },
        [&] {
          ping.Await();
          pong.Signal();
        });
  });
}

TEST(Interleavings, CountsItsRepetitionsFromZeroAndEndsAtZero) {
  int next = 0;
  Interleavings([&] { EXPECT_EQ(CurrentRepetition(), next++); });
  EXPECT_GT(next, 6);
  EXPECT_EQ(CurrentRepetition(), 0);
}

// Running one after another must not order the functions: the first repetition must expose an unsynchronised access.
TEST(RunTogetherDeathTest, LeavesARaceBetweenFunctionsThatRunOneAfterTheOther) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        int shared = 0;
        RunTogether([&] { ++shared; }, [&] { ++shared; });
        _exit(0);
      },
      testing::ExitedWithCode(66), "data race");
}

// The object code must do what the source says: an increment reads and writes, and the read alone can race with a
// read-modify-write.
TEST(RunTogetherDeathTest, SeesTheReadOfAnIncrement) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        int shared = 0;
        RunTogether([&] { ++shared; }, [&] { ++shared; });
        _exit(0);
      },
      testing::ExitedWithCode(66), "Read of size 4");
}

}  // namespace
}  // namespace racelab
