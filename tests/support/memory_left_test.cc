#include "tests/support/memory_left.h"

#include <memory>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace racelab {
namespace {

TEST(BlocksLeftBy, CountsWhatNobodyHasGivenBack) {
  std::unique_ptr<int> kept[3];
  EXPECT_EQ(BlocksLeftBy([] { std::make_unique<int>(1); }), 0);
  EXPECT_EQ(BlocksLeftBy([&] {
              for (auto& block : kept) {
                (void)block.release();
                block = std::make_unique<int>(1);
              }
            }),
            3);
}

TEST(BlocksLeftBy, CountsNothingThatIsAllocatedOnceInAProgram) {
  EXPECT_EQ(BlocksLeftBy([] {
              static const int* const once = new int(1);
              (void)once;
            }),
            0);
}

TEST(BlocksLeftBy, CountsNothingThatAThreadKeepsUntilItEnds) {
  EXPECT_EQ(BlocksLeftBy([] {
              thread_local std::unique_ptr<int> kept;
              kept = std::make_unique<int>(1);
              thread_local std::vector<std::unique_ptr<int>> more;
              more.push_back(std::make_unique<int>(2));
            }),
            0);
}

TEST(BlocksLeftBy, CountsNothingThatADetachedThreadGivesBackLater) {
  EXPECT_EQ(BlocksLeftBy([] { std::thread([block = std::make_unique<int>(1)] {}).detach(); }), 0);
}

TEST(BlocksLeftBy, CountsWhatAnotherThreadGivesBack) {
  EXPECT_EQ(BlocksLeftBy([] { std::thread([block = std::make_unique<int>(1)] {}).join(); }), 0);
}

}  // namespace
}  // namespace racelab
