#include <hit_board.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/process_interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

TEST(HitBoard, StartsAtZero) { EXPECT_EQ(HitBoard().Total(), 0); }

TEST(HitBoard, CountsLikeANumberOnOneThread) {
  enum { kRecord, kTotal };
  ForRandomSteps({{"Record"}, {"Total"}}, 50, [](Steps& steps) {
    HitBoard board;
    int hits = 0;
    for (const Step& step : steps) {
      if (step.what == kTotal) {
        steps.Answers(board.Total(), hits);
      } else {
        board.Record();
        ++hits;
      }
    }
    steps.Shows("Total", board.Total(), hits);
  });
}

TEST(HitBoard, KeepsTheHitsOfTwoThreads) {
  Interleavings([] {
    HitBoard board;
    RunTogether([&] { board.Record(); }, [&] { board.Record(); });
    EXPECT_EQ(board.Total(), 2);
  });
}

TEST(HitBoard, ShowsHowManyHitsThereAreWhileAnotherThreadRecords) {
  Interleavings([] {
    HitBoard board;
    std::int64_t early = 0;
    std::int64_t later = 0;
    const auto record = [&] {
      board.Record();
      board.Record();
    };
    const auto ask = [&] {
      early = board.Total();
      later = board.Total();
    };
    RunTogether(record, ask);
    EXPECT_LE(0, early);
    EXPECT_LE(early, later) << "not \"the hits recorded so far\"";
    EXPECT_LE(later, 2);
    EXPECT_EQ(board.Total(), 2);
  });
}

TEST(HitBoard, ShowsTwoThreadsTheSameHitsAtOnce) {
  Interleavings([] {
    HitBoard board;
    board.Record();
    std::int64_t first = 0;
    std::int64_t second = 0;
    RunTogether([&] { first = board.Total(); }, [&] { second = board.Total(); });
    EXPECT_EQ(first, 1);
    EXPECT_EQ(second, 1);
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

// A process that leaves the board's scope destroys its own board; the others count on.
TEST(HitBoard, KeepsTheHitsOfTwoProcessesAfterAnotherHasEnded) {
  ProcessInterleavings([] {
    std::optional<HitBoard> board(std::in_place);
    const pid_t early = fork();
    if (early == 0) {
      board->Record();
      board.reset();
      _exit(0);
    }
    ASSERT_EQ(waitpid(early, nullptr, 0), early);
    ASSERT_TRUE(RunInProcesses([&] { board->Record(); }, [&] { board->Record(); }));
    EXPECT_EQ(board->Total(), 3);
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
