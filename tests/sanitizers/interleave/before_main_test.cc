// Threads that constructors of globals start are explored like those that main() starts.

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;

class BeforeMainTest : public ExploredTest {
 protected:
  void ExpectExplored(const std::vector<std::string>& of_library) {
    std::vector<std::string> right = {"right"}, wrong = {"wrong"};
    right.insert(right.end(), of_library.begin(), of_library.end());
    wrong.insert(wrong.end(), of_library.begin(), of_library.end());
    const Exploration holds = Explore("before_main", right, Whole());
    EXPECT_TRUE(holds.complete);
    EXPECT_TRUE(holds.failures.empty()) << FirstMessage(holds);
    EXPECT_GT(holds.executions, 1u);

    InterleaveOptions options = Whole();
    const Exploration fails = Explore("before_main", wrong, options);
    const InterleavingFailure* race = FailureOf(fails, "data race");
    ASSERT_NE(race, nullptr) << FirstMessage(fails);
    options.search = "replay:" + race->schedule;
    const Exploration replayed = Explore("before_main", wrong, options);
    ASSERT_NE(FailureOf(replayed, "data race"), nullptr) << FirstMessage(replayed);
    EXPECT_EQ(FailureOf(replayed, "data race")->message, race->message);
  }
};

TEST_P(BeforeMainTest, AThreadOfTheProgramsConstructorIsExplored) { ExpectExplored({}); }

TEST_P(BeforeMainTest, AThreadOfALibrarysConstructorIsExplored) { ExpectExplored({"library"}); }

TEST_P(BeforeMainTest, AConstructorThatNeverEndsIsADeadlock) {
  const Exploration exploration = Explore("before_main", {"deadlock"}, Whole());
  EXPECT_NE(FailureOf(exploration, "deadlock"), nullptr) << FirstMessage(exploration);
}

// The library's accesses and locks are unknown.
TEST_P(BeforeMainTest, JoiningAThreadOfALibraryWithoutTheSanitizerIsRefused) {
  const Exploration exploration = Explore("before_main_unseen", {"right", "library"}, Whole());
  const InterleavingFailure* refused = FailureOf(exploration, "unsupported");
  ASSERT_NE(refused, nullptr) << FirstMessage(exploration);
  EXPECT_THAT(refused->message, HasSubstr("a thread that was started before main()"));
}

RACELAB_FOR_EACH_TREE(BeforeMainTest);

}  // namespace
}  // namespace racelab
