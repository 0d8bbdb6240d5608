#include <route_table.h>

#include <cstdint>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

constexpr int kAreas = 2;
constexpr int kNorth = 0;
constexpr int kSouth = 1;
constexpr int kOld = 7;
constexpr int kNew = 8;

TEST(RouteTable, HasNoTrunksAtFirst) {
  RouteTable routes(kAreas);
  EXPECT_EQ(routes.Route(kNorth), RouteTable::kNoTrunk);
  EXPECT_EQ(routes.Calls(kNorth), 0);
  EXPECT_EQ(routes.Connect(kNorth, kOld), 0);
}

TEST(RouteTable, RoutesAndCountsForEachAreaOnOneThread) {
  enum { kConnect, kRoute };
  const Values area = {0, kAreas};
  ForRandomSteps({{"Connect", area, {kOld, kNew + 1}}, {"Route", area}}, 12, [](Steps& steps) {
    RouteTable routes(kAreas);
    int trunks[] = {RouteTable::kNoTrunk, RouteTable::kNoTrunk};
    std::int64_t calls[] = {0, 0};
    for (const Step& step : steps) {
      if (step.what == kConnect) {
        steps.Answers(routes.Connect(step.value, step.second), calls[step.value]);
        trunks[step.value] = step.second;
        calls[step.value] = 0;
      } else {
        steps.Answers(routes.Route(step.value), trunks[step.value]);
        if (trunks[step.value] != RouteTable::kNoTrunk) ++calls[step.value];
      }
      steps.Shows("Calls(north)", routes.Calls(kNorth), calls[kNorth]);
      steps.Shows("Calls(south)", routes.Calls(kSouth), calls[kSouth]);
    }
  });
}

TEST(RouteTable, CountsBothOfTwoCallsAtOnce) {
  Interleavings([] {
    RouteTable routes(kAreas);
    routes.Connect(kNorth, kOld);
    int first = 0;
    int second = 0;
    RunTogether([&] { first = routes.Route(kNorth); }, [&] { second = routes.Route(kNorth); });
    EXPECT_EQ(first, kOld);
    EXPECT_EQ(second, kOld);
    EXPECT_EQ(routes.Calls(kNorth), 2);
  });
}

TEST(RouteTable, CountsACallForTheTrunkOverWhichItWent) {
  Interleavings([] {
    RouteTable routes(kAreas);
    routes.Connect(kNorth, kOld);
    int trunk = 0;
    std::int64_t of_old = 0;
    RunTogether([&] { trunk = routes.Route(kNorth); }, [&] { of_old = routes.Connect(kNorth, kNew); });
    EXPECT_TRUE(trunk == kOld || trunk == kNew) << trunk;
    EXPECT_EQ(of_old, trunk == kOld ? 1 : 0);
    EXPECT_EQ(routes.Calls(kNorth), trunk == kNew ? 1 : 0);
  });
}

TEST(RouteTable, CountsNoCallThatHasNoTrunk) {
  Interleavings([] {
    RouteTable routes(kAreas);
    int trunk = 0;
    std::int64_t before = 0;
    RunTogether([&] { trunk = routes.Route(kNorth); }, [&] { before = routes.Connect(kNorth, kNew); });
    EXPECT_EQ(before, 0);
    EXPECT_EQ(routes.Calls(kNorth), trunk == kNew ? 1 : 0);
  });
}

TEST(RouteTable, CountsUpwardsWhileCallsAreRouted) {
  Interleavings([] {
    RouteTable routes(kAreas);
    routes.Connect(kNorth, kOld);
    std::int64_t early = 0;
    std::int64_t late = 0;
    RunTogether(
        [&] {
          routes.Route(kNorth);
          routes.Route(kNorth);
        },
        [&] {
          early = routes.Calls(kNorth);
          late = routes.Calls(kNorth);
        });
    EXPECT_GE(early, 0);
    EXPECT_GE(late, early);
    EXPECT_LE(late, 2);
  });
}

TEST(RouteTable, CountsAfreshForANewTrunkWhileItIsWatched) {
  Interleavings([] {
    RouteTable routes(kAreas);
    routes.Connect(kNorth, kOld);
    routes.Route(kNorth);
    std::int64_t of_old = 0;
    std::int64_t seen = 0;
    RunTogether([&] { of_old = routes.Connect(kNorth, kNew); }, [&] { seen = routes.Calls(kNorth); });
    EXPECT_EQ(of_old, 1);
    EXPECT_TRUE(seen == 0 || seen == 1) << seen;
    EXPECT_EQ(routes.Calls(kNorth), 0);
  });
}

TEST(RouteTable, ReturnsACallToOneOfTwoWhoConnectAtOnce) {
  Interleavings([] {
    RouteTable routes(kAreas);
    routes.Connect(kNorth, kOld);
    routes.Route(kNorth);
    std::int64_t first = 0;
    std::int64_t second = 0;
    RunTogether([&] { first = routes.Connect(kNorth, kOld); }, [&] { second = routes.Connect(kNorth, kNew); });
    EXPECT_EQ(first + second, 1);
    const int trunk = routes.Route(kNorth);
    EXPECT_EQ(trunk, first == 1 ? kNew : kOld);
    EXPECT_EQ(routes.Calls(kNorth), 1);
  });
}

TEST(RouteTable, CountsCallsToTwoAreasApart) {
  Interleavings([] {
    RouteTable routes(kAreas);
    routes.Connect(kNorth, kOld);
    routes.Connect(kSouth, kNew);
    int north = 0;
    int south = 0;
    RunTogether([&] { north = routes.Route(kNorth); }, [&] { south = routes.Route(kSouth); });
    EXPECT_EQ(north, kOld);
    EXPECT_EQ(south, kNew);
    EXPECT_EQ(routes.Calls(kNorth), 1);
    EXPECT_EQ(routes.Calls(kSouth), 1);
  });
}

}  // namespace
}  // namespace racelab
