#include <hit_counter.h>

#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

TEST(HitCounter, StartsAtZero) { EXPECT_EQ(HitCounter().Total(), 0); }

RC_GTEST_PROP(HitCounter, CountsLikeANumberOnOneThread, ()) {
  HitCounter counter;
  int hits = 0;
  for (const bool record : *rc::gen::arbitrary<std::vector<bool>>()) {
    if (record) {
      counter.Record();
      ++hits;
    } else {
      RC_ASSERT(counter.Total() == hits);
    }
  }
  RC_ASSERT(counter.Total() == hits);
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

}  // namespace
}  // namespace racelab
