#include <range_gauge.h>

#include <algorithm>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

using Range = RangeGauge::Range;

TEST(RangeGauge, BeginsWithTheFirstValue) { EXPECT_EQ(RangeGauge(7).Read(), (Range{7, 7})); }

TEST(RangeGauge, ShowsTheExtremesOfAllValuesOnOneThread) {
  constexpr Values kClose = {-3, 4};
  constexpr Values kFar = {-2'000'000'000, 2'000'000'000};
  ForRandomSteps({{"Record", kClose}, {"Record", kFar}}, 50, [&](Steps& steps) {
    std::vector<int> values = {steps.Pick("first", kClose)};
    RangeGauge gauge(values[0]);
    for (const Step& step : steps) {
      gauge.Record(step.value);
      values.push_back(step.value);
      const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
      steps.Shows("lowest", gauge.Read().lowest, *lowest);
      steps.Shows("highest", gauge.Read().highest, *highest);
    }
  });
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
