// Which scenarios are explored again, in full, after each has been explored a little; and what comes of it, with
// explored/long_scenarios.cc.

#include "sanitizers/verdict/quick_first.h"

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

Exploration Explored(const std::string& scenario, bool complete, const std::vector<std::string>& failures = {}) {
  Exploration exploration;
  exploration.scenario = scenario;
  exploration.complete = complete;
  for (const std::string& kind : failures) exploration.failures.emplace_back().kind = kind;
  return exploration;
}

TEST(QuickFirst, ExploresAgainWhatIsNeitherCompleteNorSureToFail) {
  EXPECT_THAT(Unsettled({Explored("A.Complete", true), Explored("A.Cut", false), Explored("A.Cut", false),
                         Explored("A.Deadlock", false, {"deadlock"}), Explored("A.Race", false, {"data race"}),
                         Explored("A.RaceAndMore", false, {"data race", "failed expectation"}),
                         Explored("A.Unsupported", false, {"unsupported"})}),
              ElementsAre("A.Cut", "A.Race", "A.Unsupported"));
}

class QuickFirstTest : public testing::TestWithParam<std::string> {};

ChildSpec LongScenarios(const std::string& tree, const std::string& filter) {
  ChildSpec spec;
  spec.argv = {absl::StrCat(RACELAB_BUILD_DIR, "/", tree, "/bin/explored/long_scenarios"), "--gtest_fail_fast",
               absl::StrCat("--gtest_filter=", filter)};
  return spec;
}

InterleaveOptions Options() {
  InterleaveOptions options;
  options.runtime = absl::StrCat(RACELAB_BUILD_DIR, "/lib/interleave");
  return options;
}

// Each scenario, and how many interleavings of it were explored.
std::vector<std::pair<std::string, std::uint64_t>> Explored(const InterleaveResult& result) {
  std::vector<std::pair<std::string, std::uint64_t>> explored;
  for (const Exploration& exploration : result.explorations)
    explored.emplace_back(exploration.scenario, exploration.executions);
  return explored;
}

TEST_P(QuickFirstTest, SettlesEveryScenario) {
  const InterleaveResult result = RunQuicklyFirst(LongScenarios(GetParam(), "*First:*Last"), Options());
  EXPECT_TRUE(result.HasEnded());
  EXPECT_FALSE(result.child.tests.failed);
  EXPECT_THAT(Explored(result), ElementsAre(Pair("LongScenarios.First", 3432), Pair("LongScenarios.Last", 3432)));
}

TEST_P(QuickFirstTest, TellsOfTheFirstScenarioThatFails) {
  const InterleaveResult result = RunQuicklyFirst(LongScenarios(GetParam(), "*First:*FailsLate:*Last"), Options());
  EXPECT_TRUE(result.HasEnded());
  EXPECT_TRUE(result.child.tests.failed);
  EXPECT_THAT(result.child.tests.failed_tests, ElementsAre("LongScenarios.FailsLate"));
  EXPECT_THAT(Explored(result),
              UnorderedElementsAre(Pair("LongScenarios.First", 3432), Pair("LongScenarios.FailsLate", 1397),
                                   Pair("LongScenarios.Last", 1000)));
}

TEST_P(QuickFirstTest, CanBeStoppedWhileItSettles) {
  std::stop_source stop;
  ChildSpec spec = LongScenarios(GetParam(), "*First:*Endless");
  spec.stop = stop.get_token();
  spec.on_output = [&stop](std::string_view output) {  // Of the scenario's second process.
    if (absl::StrContains(output, "filter = LongScenarios.Endless")) stop.request_stop();
  };
  EXPECT_EQ(RunQuicklyFirst(spec, Options()).child.end, ChildEnd::kInterrupted);
}

RACELAB_FOR_EACH_TREE(QuickFirstTest);

}  // namespace
}  // namespace racelab
