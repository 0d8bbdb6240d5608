#include "sanitizers/interleave/options.h"

#include "gtest/gtest.h"

namespace racelab::interleave {
namespace {

TEST(OptionsTest, ExplorationsHaveLessTimeOnceAllTogetherHaveTakenTheTotal) {
  Options options;
  options.seconds = 10;
  EXPECT_EQ(options.SecondsAfter(1'000), 10);
  options.total = 60;
  EXPECT_EQ(options.SecondsAfter(0), 10);
  EXPECT_EQ(options.SecondsAfter(59), 10);
  EXPECT_EQ(options.SecondsAfter(60), 1);
  EXPECT_EQ(options.SecondsAfter(70), 1);
}

}  // namespace
}  // namespace racelab::interleave
