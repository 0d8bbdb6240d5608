#include <hit_board.h>

#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/process_interleavings.h"
#include "tests/support/property.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

TEST(HitBoard, StartsAtZero) { EXPECT_EQ(HitBoard().Total(), 0); }

RACELAB_PROPERTY(HitBoard, CountsLikeANumberOnOneThread, ()) {
  HitBoard board;
  int hits = 0;
  for (const bool record : *rc::gen::arbitrary<std::vector<bool>>()) {
    if (record) {
      board.Record();
      ++hits;
    } else {
      RC_ASSERT(board.Total() == hits);
    }
  }
  RC_ASSERT(board.Total() == hits);
}

TEST(HitBoard, KeepsTheHitsOfTwoThreads) {
  Interleavings([] {
    HitBoard board;
    RunTogether([&] { board.Record(); }, [&] { board.Record(); });
    EXPECT_EQ(board.Total(), 2);
  });
}

TEST(HitBoard, KeepsTheHitsOfTwoProcesses) {
  ProcessInterleavings([] {
    HitBoard board;
    ASSERT_TRUE(RunInProcesses([&] { board.Record(); }, [&] { board.Record(); }));
    EXPECT_EQ(board.Total(), 2);
  });
}

TEST(HitBoard, KeepsSeveralHitsOfEachProcess) {
  ProcessInterleavings([] {
    HitBoard board;
    board.Record();
    const auto twice = [&] {
      board.Record();
      board.Record();
    };
    ASSERT_TRUE(RunInProcesses([&] { board.Record(); }, twice));
    EXPECT_EQ(board.Total(), 4);
  });
}

TEST(HitBoard, GoesOnCountingWhenAProcessIsKilled) {
  ProcessInterleavings(
      [] {
        HitBoard board;
        ASSERT_TRUE(RunInProcesses([&] { board.Record(); }, [&] { board.Record(); }));
        EXPECT_GE(board.Total(), 1);
        EXPECT_LE(board.Total(), 2);
      },
      Stopped::kIsKilled);
}

}  // namespace
}  // namespace racelab
