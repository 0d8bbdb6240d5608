#include <toll_statistics.h>

#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

using Lines = std::vector<std::string>;

constexpr int kLane = 7;

// A program, and what it prints. Whoever uses a static object after its end finds zeros.
struct Plaza {
  Lines printed;
  Program program{[this](const std::string& line) { printed.push_back(line); }, Program::Remains::kZero};
};

std::string LineOf(int lane, int vehicles) {
  return "lane " + std::to_string(lane) + ": " + std::to_string(vehicles) + " vehicles";
}

TEST(TollStatistics, PrintsAtTheEndHowManyHavePassedEachLane) {
  ForRandomSteps({{"Passed", {0, TollStatistics::kLanes}}}, 20, [](Steps& steps) {
    Plaza plaza;
    std::map<int, int> model;
    for (const Step& step : steps) {
      TollStatistics::Of(plaza.program).Passed(step.value);
      ++model[step.value];
    }
    steps.Shows("printed before the end", plaza.printed, Lines());
    plaza.program.Exit();
    Lines lines;
    for (const auto& [lane, vehicles] : model) lines.push_back(LineOf(lane, vehicles));
    steps.Shows("printed", plaza.printed, lines);
  });
}

TEST(TollStatistics, IsOneForEachProgram) {
  Plaza one, other;
  EXPECT_EQ(&TollStatistics::Of(one.program), &TollStatistics::Of(one.program));
  EXPECT_NE(&TollStatistics::Of(one.program), &TollStatistics::Of(other.program));
  TollStatistics::Of(one.program).Passed(kLane);
  one.program.Exit();
  other.program.Exit();
  EXPECT_EQ(one.printed, Lines{LineOf(kLane, 1)});
  EXPECT_EQ(other.printed, Lines());
}

TEST(TollStatistics, CountsTwoVehiclesAtOnce) {
  Interleavings([] {
    Plaza plaza;
    TollStatistics& statistics = TollStatistics::Of(plaza.program);
    RunTogether([&] { statistics.Passed(kLane); }, [&] { statistics.Passed(kLane); });
    plaza.program.Exit();
    EXPECT_EQ(plaza.printed, Lines{LineOf(kLane, 2)});
  });
}

TEST(TollStatistics, LetsAVehiclePassWhileTheProgramEnds) {
  Interleavings([] {
    Plaza plaza;
    TollStatistics& statistics = TollStatistics::Of(plaza.program);
    statistics.Passed(kLane);
    RunTogether([&] { statistics.Passed(kLane); }, [&] { plaza.program.Exit(); });
    ASSERT_EQ(plaza.printed.size(), 1);
    EXPECT_TRUE(plaza.printed[0] == LineOf(kLane, 1) || plaza.printed[0] == LineOf(kLane, 2)) << plaza.printed[0];
  });
}

TEST(TollStatistics, LetsVehiclesPassInTwoLanesWhileTheProgramEnds) {
  Interleavings([] {
    Plaza plaza;
    TollStatistics& statistics = TollStatistics::Of(plaza.program);
    RunTogether([&] { statistics.Passed(0); }, [&] { statistics.Passed(kLane); }, [&] { plaza.program.Exit(); });
    const Lines& printed = plaza.printed;
    EXPECT_TRUE(printed.empty() || printed == Lines{LineOf(0, 1)} || printed == Lines{LineOf(kLane, 1)} ||
                printed == (Lines{LineOf(0, 1), LineOf(kLane, 1)}))
        << testing::PrintToString(printed);
  });
}

}  // namespace
}  // namespace racelab
