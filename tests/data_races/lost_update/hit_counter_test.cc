#include <hit_counter.h>

#include <compare>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/linearizable.h"
#include "tests/support/property.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

TEST(HitCounter, StartsAtZero) { EXPECT_EQ(HitCounter().Total(), 0); }

RACELAB_PROPERTY(HitCounter, CountsLikeANumberOnOneThread, ()) {
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

// What a counter is, on one thread.
struct Number {
  std::int64_t hits = 0;
  std::int64_t Apply(bool record) { return record ? (++hits, 0) : hits; }
  auto operator<=>(const Number&) const = default;
};

RACELAB_PROPERTY(HitCounter, IsLinearizable, ()) {
  RequireLinearizable<HitCounter, Number, std::int64_t, bool>(*FewCalls(rc::gen::arbitrary<bool>()),
                                                              [](HitCounter& counter, bool record) -> std::int64_t {
                                                                if (!record) return counter.Total();
                                                                counter.Record();
                                                                return 0;
                                                              });
}

}  // namespace
}  // namespace racelab
