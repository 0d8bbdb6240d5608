// Which scenarios are explored again, in full, after each has been explored a little.

#include "sanitizers/verdict/quick_first.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace racelab {
namespace {

using testing::ElementsAre;

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

}  // namespace
}  // namespace racelab
