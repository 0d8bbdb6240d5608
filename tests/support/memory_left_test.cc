#include "tests/support/memory_left.h"

#include <atomic>
#include <chrono>
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

TEST(BlocksLeftBy, CountsNothingThatADetachedThreadGivesBackMuchLater) {
  EXPECT_EQ(BlocksLeftBy([] {
              std::thread([block = std::make_unique<int>(1)] {
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
              }).detach();
            }),
            0);
}

TEST(BlocksLeftBy, CountsABlockThoughAThreadGivesBackOneMore) {
  EXPECT_EQ(BlocksLeftBy([] {
              static std::vector<std::unique_ptr<int>> kept = [] {
                std::vector<std::unique_ptr<int>> room;
                room.reserve(100);
                return room;
              }();
              kept.push_back(std::make_unique<int>(1));
              std::thread([block = std::make_unique<int>(1)] {
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
              }).detach();
            }),
            1);
}

TEST(BlocksLeftBy, DoesNotWaitForAThreadThatStays) {
  std::atomic<bool> over = false;
  std::thread stays;
  EXPECT_EQ(BlocksLeftBy([&] {
              if (!stays.joinable()) stays = std::thread([&] { over.wait(false); });
            }),
            0);
  over = true;
  over.notify_one();
  stays.join();  // A process that is forked while there are other threads ends late: ThreadSanitizer waits for them.
}

TEST(BlocksLeftBy, CountsWhatAnotherThreadGivesBack) {
  EXPECT_EQ(BlocksLeftBy([] { std::thread([block = std::make_unique<int>(1)] {}).join(); }), 0);
}

TEST(BytesLeftBy, CountsWhatGrowsALittleEachTime) {
  std::vector<char> kept;
  EXPECT_GE(BytesLeftBy(100, [&] { kept.push_back('a'); }), 100);
}

TEST(BytesLeftBy, CountsNothingOfWhatIsFull) {
  std::vector<int> kept;
  EXPECT_EQ(BytesLeftBy(100,
                        [&] {
                          if (kept.size() < 100) kept.push_back(1);
                        }),
            0);
}

TEST(BytesLeftBy, CountsNothingThatADetachedThreadGivesBackLater) {
  EXPECT_EQ(BytesLeftBy(20,
                        [] {
                          std::thread([block = std::make_unique<int>(1)] {
                            std::this_thread::sleep_for(std::chrono::milliseconds(100));
                          }).detach();
                        }),
            0);
}

}  // namespace
}  // namespace racelab
