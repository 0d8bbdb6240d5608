// The names in the steps of an interleaving, from the debug information of both compilers.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/verdict/judge_exploration.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class NamesTest : public ExploredTest {
 protected:
  // The steps of one thread, by default the second that the program starts: "store total = 3", "lock mutex_".
  static std::vector<std::string> Steps(const std::string& program, int thread = 2) {
    const Exploration exploration = Explore("names", {program}, Whole());
    std::vector<std::string> steps;
    if (exploration.failures.empty()) return steps;
    for (const InterleavingStep& step : exploration.failures[0].steps) {
      if (step.thread != thread) continue;
      steps.push_back(
          absl::StrCat(step.operation, " ", step.name, step.after_text.empty() ? "" : " = ", step.after_text));
    }
    return steps;
  }
};

TEST_P(NamesTest, OfMembersAndOfWhatTheyOwn) {
  EXPECT_THAT(Steps("members"), ElementsAre("store slots_[2] = 5", "store array_[1] = 6", "store limits_.lowest = -7",
                                            "store door_ = kShut", "store more_[1].lowest = -8",
                                            "store owned_->lowest = -9", "lock absl_mutex_", "lock mutex_",
                                            "notify condition_", "unlock mutex_", "unlock absl_mutex_"));
}

TEST_P(NamesTest, OfAMemberOfABaseClass) { EXPECT_THAT(Steps("base"), ElementsAre("store bell_ = true")); }

TEST_P(NamesTest, OfAGlobal) { EXPECT_THAT(Steps("global"), ElementsAre("store g_total = 4")); }

TEST_P(NamesTest, OfAStaticMember) { EXPECT_THAT(Steps("static_member"), ElementsAre("store Counted::count_ = 4")); }

TEST_P(NamesTest, OfALocalThatALambdaCapturesByReference) {
  EXPECT_THAT(Steps("local"), ElementsAre("store total = 3"));
}

TEST_P(NamesTest, OfWhatACapturedSmartPointerOwns) { EXPECT_THAT(Steps("copied"), Contains("store *total = 3")); }

TEST_P(NamesTest, OfANodeBehindAPointer) { EXPECT_THAT(Steps("node"), ElementsAre("store node->next = null")); }

TEST_P(NamesTest, TellTwoObjectsOfOneClassApart) {
  EXPECT_THAT(Steps("two_accounts"),
              ElementsAre("lock rich.mutex_", "unlock rich.mutex_", "lock poor.mutex_", "unlock poor.mutex_"));
}

// In the model, using a descriptor reads its number, and closing it writes the number; readers would not understand
// these words.
TEST_P(NamesTest, OfADescriptorThatIsClosedInUse) {
  const Exploration exploration = Explore("primitives", {"wrong", "descriptor_closed"}, Whole());
  ASSERT_FALSE(exploration.failures.empty());
  const InterleavingFailure& failure = exploration.failures[0];
  EXPECT_THAT(failure.memory_name, MatchesRegex("descriptor [0-9]+"));
  EXPECT_THAT(Explain(failure), AllOf(HasSubstr("used by T"), HasSubstr("opened or closed by T")));
}

TEST_P(NamesTest, AreNumberedWhereNothingTellsTwoObjectsApart) {
  EXPECT_THAT(Steps("two_of_a_list"),
              ElementsAre("lock mutex_ #1", "unlock mutex_ #1", "lock mutex_ #2", "unlock mutex_ #2"));
}

TEST_P(NamesTest, AreNeverThoseOfVariablesThatAreNotYetInitialised) {
  EXPECT_THAT(Steps("stale"), ElementsAre("store ", "store "));
}

TEST_P(NamesTest, OfTheMemoryOfADataRace) {
  const Exploration exploration = Explore("names", {"race"}, Whole());
  ASSERT_FALSE(exploration.failures.empty());
  EXPECT_EQ(exploration.failures[0].kind, "data race");
  EXPECT_EQ(exploration.failures[0].memory_name, "latest_");
}

TEST_P(NamesTest, OfBitFieldsThatAreOneMemoryLocation) {
  const Exploration exploration = Explore("names", {"bit_fields"}, Whole());
  std::vector<std::string> memory;
  for (const InterleavingFailure& failure : exploration.failures) memory.push_back(failure.memory_name);
  EXPECT_THAT(memory, Contains("open_/door_/floor_"));
  const std::vector<std::string> steps = Steps("bit_fields", 1);
  EXPECT_THAT(steps, Contains(MatchesRegex("write open_/door_/floor_ = true/(kOpen|kShut)/-1")));
  EXPECT_THAT(steps, Contains("write alarm_ = 1"));
}

// No line of the source names this pointer: constructors and destructors write it, and virtual calls read it.
TEST_P(NamesTest, OfThePointerToTheVirtualFunctions) {
  const Exploration exploration = Explore("names", {"destroyed"}, Whole());
  std::vector<std::string> memory;
  for (const InterleavingFailure& failure : exploration.failures) memory.push_back(failure.memory_name);
  EXPECT_THAT(memory, Contains(MatchesRegex("(.*[.>])?vptr")));
}

TEST_P(NamesTest, OfTheMemoryThatIsUsedAfterItIsFreed) {
  const Exploration exploration = Explore("names", {"freed"}, Whole());
  ASSERT_FALSE(exploration.failures.empty());
  EXPECT_EQ(exploration.failures[0].kind, "use after free");
  EXPECT_EQ(exploration.failures[0].memory_name, "limits->unused");
}

RACELAB_FOR_EACH_TREE(NamesTest);

}  // namespace
}  // namespace racelab
