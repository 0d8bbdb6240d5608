#include <route_table.h>

#include <cstdint>
#include <limits>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

constexpr int kRegions = 2;
constexpr int kNorth = 0;
constexpr int kSouth = 1;
constexpr int kOld = 7;
constexpr int kNew = 8;

TEST(RouteTable, HasNoCarriersAtFirst) {
  RouteTable routes(kRegions);
  EXPECT_EQ(routes.Route(kNorth), RouteTable::kNoCarrier);
  EXPECT_EQ(routes.Count(kNorth), 0);
  EXPECT_EQ(routes.Assign(kNorth, kOld), 0);
}

TEST(RouteTable, RoutesAndCountsForEachRegionOnOneThread) {
  enum { kAssign, kRoute };
  const Values region = {0, kRegions};
  ForRandomSteps({{"Assign", region, {kOld, kNew + 1}}, {"Route", region}}, 12, [](Steps& steps) {
    RouteTable routes(kRegions);
    int carriers[] = {RouteTable::kNoCarrier, RouteTable::kNoCarrier};
    std::int64_t parcels[] = {0, 0};
    for (const Step& step : steps) {
      if (step.what == kAssign) {
        steps.Answers(routes.Assign(step.value, step.second), parcels[step.value]);
        carriers[step.value] = step.second;
        parcels[step.value] = 0;
      } else {
        steps.Answers(routes.Route(step.value), carriers[step.value]);
        if (carriers[step.value] != RouteTable::kNoCarrier) ++parcels[step.value];
      }
      steps.Shows("Count(north)", routes.Count(kNorth), parcels[kNorth]);
      steps.Shows("Count(south)", routes.Count(kSouth), parcels[kSouth]);
    }
  });
}

TEST(RouteTable, KnowsCarriersByAnyNumber) {
  RouteTable routes(kRegions);
  for (const int carrier : {0, 0xFFFF, 70'000, std::numeric_limits<int>::max()}) {
    routes.Assign(kNorth, carrier);
    EXPECT_EQ(routes.Route(kNorth), carrier);
    EXPECT_EQ(routes.Count(kNorth), 1);
  }
}

TEST(RouteTable, CountsMoreParcelsThanSixteenBitsHold) {
  constexpr int kParcels = 70'000;
  RouteTable routes(kRegions);
  routes.Assign(kNorth, kOld);
  for (int parcel = 0; parcel < kParcels; ++parcel) routes.Route(kNorth);
  EXPECT_EQ(routes.Count(kNorth), kParcels);
  EXPECT_EQ(routes.Assign(kNorth, kNew), kParcels);
}

TEST(RouteTable, CountsBothOfTwoParcelsAtOnce) {
  Interleavings([] {
    RouteTable routes(kRegions);
    routes.Assign(kNorth, kOld);
    int first = 0;
    int second = 0;
    RunTogether([&] { first = routes.Route(kNorth); }, [&] { second = routes.Route(kNorth); });
    EXPECT_EQ(first, kOld);
    EXPECT_EQ(second, kOld);
    EXPECT_EQ(routes.Count(kNorth), 2);
  });
}

TEST(RouteTable, CountsAParcelForTheCarrierThatGotIt) {
  Interleavings([] {
    RouteTable routes(kRegions);
    routes.Assign(kNorth, kOld);
    int carrier = 0;
    std::int64_t of_old = 0;
    RunTogether([&] { carrier = routes.Route(kNorth); }, [&] { of_old = routes.Assign(kNorth, kNew); });
    EXPECT_TRUE(carrier == kOld || carrier == kNew) << carrier;
    EXPECT_EQ(of_old, carrier == kOld ? 1 : 0);
    EXPECT_EQ(routes.Count(kNorth), carrier == kNew ? 1 : 0);
  });
}

TEST(RouteTable, CountsNoParcelThatHasNoCarrier) {
  Interleavings([] {
    RouteTable routes(kRegions);
    int carrier = 0;
    std::int64_t before = 0;
    RunTogether([&] { carrier = routes.Route(kNorth); }, [&] { before = routes.Assign(kNorth, kNew); });
    EXPECT_EQ(before, 0);
    EXPECT_EQ(routes.Count(kNorth), carrier == kNew ? 1 : 0);
  });
}

TEST(RouteTable, CountsNoParcelForACarrierThatIsTakenOff) {
  Interleavings([] {
    RouteTable routes(kRegions);
    routes.Assign(kNorth, kOld);
    int carrier = 0;
    std::int64_t of_old = 0;
    RunTogether([&] { carrier = routes.Route(kNorth); },
                [&] { of_old = routes.Assign(kNorth, RouteTable::kNoCarrier); });
    EXPECT_TRUE(carrier == kOld || carrier == RouteTable::kNoCarrier) << carrier;
    EXPECT_EQ(of_old, carrier == kOld ? 1 : 0);
    EXPECT_EQ(routes.Count(kNorth), 0);
    EXPECT_EQ(routes.Assign(kNorth, kNew), 0);
  });
}

TEST(RouteTable, CountsUpwardsWhileParcelsAreRouted) {
  Interleavings([] {
    RouteTable routes(kRegions);
    routes.Assign(kNorth, kOld);
    std::int64_t early = 0;
    std::int64_t late = 0;
    RunTogether(
        [&] {
          routes.Route(kNorth);
          routes.Route(kNorth);
        },
        [&] {
          early = routes.Count(kNorth);
          late = routes.Count(kNorth);
        });
    EXPECT_GE(early, 0);
    EXPECT_GE(late, early);
    EXPECT_LE(late, 2);
  });
}

TEST(RouteTable, CountsAfreshForANewCarrierWhileItIsWatched) {
  Interleavings([] {
    RouteTable routes(kRegions);
    routes.Assign(kNorth, kOld);
    routes.Route(kNorth);
    std::int64_t of_old = 0;
    std::int64_t seen = 0;
    RunTogether([&] { of_old = routes.Assign(kNorth, kNew); }, [&] { seen = routes.Count(kNorth); });
    EXPECT_EQ(of_old, 1);
    EXPECT_TRUE(seen == 0 || seen == 1) << seen;
    EXPECT_EQ(routes.Count(kNorth), 0);
  });
}

TEST(RouteTable, ReturnsAParcelToOneOfTwoWhoAssignAtOnce) {
  Interleavings([] {
    RouteTable routes(kRegions);
    routes.Assign(kNorth, kOld);
    routes.Route(kNorth);
    std::int64_t first = 0;
    std::int64_t second = 0;
    RunTogether([&] { first = routes.Assign(kNorth, kOld); }, [&] { second = routes.Assign(kNorth, kNew); });
    EXPECT_EQ(first + second, 1);
    const int carrier = routes.Route(kNorth);
    EXPECT_EQ(carrier, first == 1 ? kNew : kOld);
    EXPECT_EQ(routes.Count(kNorth), 1);
  });
}

TEST(RouteTable, CountsParcelsForTwoRegionsApart) {
  Interleavings([] {
    RouteTable routes(kRegions);
    routes.Assign(kNorth, kOld);
    routes.Assign(kSouth, kNew);
    int north = 0;
    int south = 0;
    RunTogether([&] { north = routes.Route(kNorth); }, [&] { south = routes.Route(kSouth); });
    EXPECT_EQ(north, kOld);
    EXPECT_EQ(south, kNew);
    EXPECT_EQ(routes.Count(kNorth), 1);
    EXPECT_EQ(routes.Count(kSouth), 1);
  });
}

TEST(RouteTable, GivesItsMemoryBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              RouteTable routes(kRegions);
              routes.Assign(kNorth, kOld);
              routes.Route(kNorth);
              routes.Assign(kNorth, kNew);
            }),
            0);
}

}  // namespace
}  // namespace racelab
