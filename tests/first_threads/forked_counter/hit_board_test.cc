#include <hit_board.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
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

// How many parts of the address space are in use.
int Mappings() {
  std::ifstream maps("/proc/self/maps");
  return static_cast<int>(std::count(std::istreambuf_iterator<char>(maps), {}, '\n'));
}

TEST(HitBoard, GivesTheSharedMemoryBack) {
  constexpr int kBoards = 100;
  const int before = Mappings();
  for (int i = 0; i < kBoards; ++i) HitBoard().Record();
  EXPECT_LT(Mappings() - before, kBoards / 2);
}

// As long as it lives, the system has no memory for this process.
class NoMemory {
 public:
  NoMemory() {
    getrlimit(RLIMIT_AS, &limit_);
    rlimit none = limit_;
    none.rlim_cur = 0;
    made_ = setrlimit(RLIMIT_AS, &none) == 0;
  }
  ~NoMemory() { setrlimit(RLIMIT_AS, &limit_); }

  // Whether the system agreed.
  bool made() const { return made_; }

 private:
  rlimit limit_;
  bool made_;
};

// A variant that needs no new memory need not say anything; none may fail in another way.
TEST(HitBoard, SaysThatThereIsNoMemoryToShare) {
  const auto make = [](auto board) {
    try {
      board();
    } catch (const std::system_error&) {
    }
  };
  // Whatever an exception needs is there now.
  make([] { throw std::system_error(ENOMEM, std::generic_category(), "a rehearsal"); });
  const NoMemory none;
  if (!none.made()) GTEST_SKIP() << "no limit for the address space";
  make([] { HitBoard board; });
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
