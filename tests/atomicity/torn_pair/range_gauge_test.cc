#include <range_gauge.h>

#include <algorithm>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/property.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

using Range = RangeGauge::Range;

TEST(RangeGauge, BeginsWithTheFirstValue) { EXPECT_EQ(RangeGauge(7).Read(), (Range{7, 7})); }

RACELAB_PROPERTY(RangeGauge, ShowsTheExtremesOfAllValuesOnOneThread, ()) {
  std::vector<int> values = {*rc::gen::arbitrary<int>()};
  RangeGauge gauge(values[0]);
  for (const int value : *rc::gen::arbitrary<std::vector<int>>()) {
    gauge.Record(value);
    values.push_back(value);
    const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
    RC_ASSERT((gauge.Read() == Range{*lowest, *highest}));
  }
}

TEST(RangeGauge, ShowsOnlyRangesThatThereHaveBeen) {
  Interleavings([] {
    RangeGauge gauge(0);
    Range seen = {};
    RunTogether(
        [&] {
          gauge.Record(-1);
          gauge.Record(1);
        },
        [&] { seen = gauge.Read(); });
    EXPECT_TRUE(seen == (Range{0, 0}) || seen == (Range{-1, 0}) || seen == (Range{-1, 1}))
        << seen.lowest << " to " << seen.highest;
    EXPECT_EQ(gauge.Read(), (Range{-1, 1}));
  });
}

TEST(RangeGauge, KeepsTheLowestOfTwoSimultaneousValues) {
  Interleavings([] {
    RangeGauge gauge(0);
    RunTogether([&] { gauge.Record(-1); }, [&] { gauge.Record(-2); });
    EXPECT_EQ(gauge.Read(), (Range{-2, 0}));
  });
}

TEST(RangeGauge, KeepsTheHighestOfTwoSimultaneousValues) {
  Interleavings([] {
    RangeGauge gauge(0);
    RunTogether([&] { gauge.Record(2); }, [&] { gauge.Record(1); });
    EXPECT_EQ(gauge.Read(), (Range{0, 2}));
  });
}

}  // namespace
}  // namespace racelab
