#include <hit_counter.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/linearizable.h"
#include "tests/support/memory_left.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

TEST(HitCounter, StartsAtZero) { EXPECT_EQ(HitCounter().Total(), 0); }

enum { kRecord, kTotal };

TEST(HitCounter, CountsLikeANumberOnOneThread) {
  ForRandomSteps({{"Record"}, {"Total"}}, 50, [](Steps& steps) {
    HitCounter counter;
    int hits = 0;
    for (const Step& step : steps) {
      if (step.what == kTotal) {
        steps.Answers(counter.Total(), hits);
      } else {
        counter.Record();
        ++hits;
      }
    }
    steps.Shows("Total", counter.Total(), hits);
  });
}

TEST(HitCounter, KeepsBothOfTwoSimultaneousHits) {
  Interleavings([] {
    HitCounter counter;
    RunTogether([&] { counter.Record(); }, [&] { counter.Record(); });
    EXPECT_EQ(counter.Total(), 2);
  });
}

TEST(HitCounter, NeverCountsBackwardsWhileHitsArrive) {
  Interleavings([] {
    HitCounter counter;
    std::vector<std::int64_t> seen;
    RunTogether(
        [&] {
          counter.Record();
          counter.Record();
        },
        [&] { seen = {counter.Total(), counter.Total()}; });
    EXPECT_LE(seen[0], seen[1]);
    EXPECT_LE(seen[1], 2);
    EXPECT_EQ(counter.Total(), 2);
  });
}

TEST(HitCounter, IsLinearizable) {
  RequireLinearizable<HitCounter>(
      {{"Record"}, {"Total"}},
      [](HitCounter& counter, const Step& step) -> Answer {
        if (step.what == kTotal) return counter.Total();
        counter.Record();
        return std::nullopt;
      },
      /*initial=*/{0},
      [](State& hits, const Step& step) -> Answer {
        if (step.what == kTotal) return hits[0];
        ++hits[0];
        return std::nullopt;
      });
}

TEST(HitCounter, KeepsAllOfThreeSimultaneousHits) {
  Interleavings([] {
    HitCounter counter;
    RunTogether([&] { counter.Record(); }, [&] { counter.Record(); }, [&] { counter.Record(); });
    EXPECT_EQ(counter.Total(), 3);
  });
}

TEST(HitCounter, CountsForItselfThoughItsThreadsCountElsewhereToo) {
  HitCounter one, other;
  one.Record();
  for (int i = 0; i < 2; ++i) other.Record();
  one.Record();
  one.Record();
  EXPECT_EQ(one.Total(), 3);
  EXPECT_EQ(other.Total(), 2);
}

TEST(HitCounter, GivesItsMemoryBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              HitCounter counter;
              for (int i = 0; i < 3; ++i) counter.Record();
              counter.Total();
            }),
            0);
}

}  // namespace
}  // namespace racelab
