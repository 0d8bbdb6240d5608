#include "sanitizers/racelab/suggest.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string> kLabs = {"lock_order", "lost_update", "lost_wakeup", "use_after_free"};

TEST(EditDistance, CountsInsertionsRemovalsReplacementsAndSwaps) {
  EXPECT_EQ(EditDistance("", ""), 0);
  EXPECT_EQ(EditDistance("verify", "verify"), 0);
  EXPECT_EQ(EditDistance("verfy", "verify"), 1);
  EXPECT_EQ(EditDistance("verrify", "verify"), 1);
  EXPECT_EQ(EditDistance("vorify", "verify"), 1);
  EXPECT_EQ(EditDistance("vreify", "verify"), 1);
  EXPECT_EQ(EditDistance("", "verify"), 6);
}

RC_GTEST_PROP(EditDistance, IsSymmetricAndZeroOnlyBetweenEquals, (const std::string& a, const std::string& b)) {
  RC_ASSERT(EditDistance(a, b) == EditDistance(b, a));
  RC_ASSERT((EditDistance(a, b) == 0) == (a == b));
}

TEST(Complete, TakesAnExactNameAndAnUnambiguousBeginning) {
  EXPECT_EQ(*Complete("lab", "lost_update", kLabs), "lost_update");
  EXPECT_EQ(*Complete("lab", "use", kLabs), "use_after_free");
}

TEST(Complete, AsksWhichOfSeveralWasMeant) {
  EXPECT_THAT(std::string(Complete("lab", "lost", kLabs).status().message()),
              HasSubstr("did you mean lost_update or lost_wakeup?"));
}

TEST(Complete, SuggestsWhatIsNear) {
  EXPECT_THAT(std::string(Complete("lab", "lots_update", kLabs).status().message()),
              HasSubstr("no lab 'lots_update'; did you mean lost_update?"));
}

TEST(Complete, NamesAllWhereNothingIsNear) {
  EXPECT_THAT(std::string(Complete("lab", "quantum", kLabs).status().message()),
              HasSubstr("there are: lock_order, lost_update"));
}

TEST(Complete, SaysWhereTheNamesAreIfTheyAreTooMany) {
  EXPECT_EQ(Complete("lab", "quantum", kLabs, "`racelab list` names them").status().message(),
            "no lab 'quantum'; `racelab list` names them");
}

TEST(Complete, DoesNotTakeNothingForABeginning) { EXPECT_FALSE(Complete("lab", "", {"lost_update"}).ok()); }

}  // namespace
}  // namespace racelab
