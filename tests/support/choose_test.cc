#include "tests/support/choose.h"

#include <set>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

using testing::ElementsAre;

TEST(Choose, IsZeroOutsideOfInterleavings) { EXPECT_EQ(Choose(3), 0); }

TEST(Choose, TriesEveryCombinationOfWhatTheScenarioAsksFor) {
  if (UnderSecondRuntime()) GTEST_SKIP() << "it sets memory back between interleavings: nothing can be collected";
  std::set<std::vector<int>> seen;
  Interleavings([&] {
    std::vector<int> values = {Choose(2)};
    if (values[0] == 1) values.push_back(Choose(3));
    values.push_back(Choose(1));
    seen.insert(values);
  });
  EXPECT_THAT(seen, ElementsAre(ElementsAre(0, 0), ElementsAre(1, 0, 0), ElementsAre(1, 1, 0), ElementsAre(1, 2, 0)));
}

TEST(Choose, GoesOnBeyondTheRepetitionsThatThreadsGet) {
  if (UnderSecondRuntime()) GTEST_SKIP() << "it sets memory back between interleavings: nothing can be collected";
  std::set<std::vector<int>> seen;
  Interleavings([&] { seen.insert({Choose(16), Choose(16)}); });
  EXPECT_EQ(seen.size(), 256u);
}

}  // namespace
}  // namespace racelab
