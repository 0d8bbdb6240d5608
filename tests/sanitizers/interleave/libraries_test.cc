// Programs that use libraries: libraries that are built without the sanitizer, whose atomics are not seen, and
// header-only libraries, if these are installed.

#include <filesystem>
#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/report/certainty.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::map<std::string, std::string>& WrongUses() {
  static const auto& wrong = *new std::map<std::string, std::string>{
      {"call_back", "data race"}, {"hand_over", "abort"},  {"lock", "data race"}, {"two_locks", "deadlock"},
      {"look", "abort"},          {"spin", "no progress"}, {"update", "abort"},   {"values", "uncaught exception"},
  };
  return wrong;
}

class LibrariesTest : public ExploredTest {
 protected:
  static bool IsThere(const std::string& program) {
    return std::filesystem::exists(std::string(RACELAB_BUILD_DIR) + "/" + GetParam() + "/bin/explored/" + program);
  }
};

TEST_P(LibrariesTest, AnUnseenLibraryOrdersWhatItIsCalledAround) {
  for (const auto& [name, failure] : WrongUses()) {
    const Exploration exploration = Explore("unseen", {"right", name}, Whole());
    EXPECT_TRUE(exploration.complete) << name;
    EXPECT_TRUE(exploration.failures.empty()) << name << ": " << FirstMessage(exploration);
    // (A library's writes to memory that the program polls are unknown until a value changes.)
    EXPECT_GE(exploration.executions, name == "look" ? 1u : 2u) << name;
    EXPECT_THAT(exploration.unseen_libraries, ElementsAre(HasSubstr("unseen_library"))) << name;
    EXPECT_THAT(LeftOut(exploration), Contains(StartsWith("not explored: what happens within lib"))) << name;
  }
}

TEST_P(LibrariesTest, AWrongUseOfAnUnseenLibraryIsExposed) {
  for (const auto& [name, kind] : WrongUses()) {
    const Exploration exploration = Explore("unseen", {"wrong", name}, Whole());
    EXPECT_NE(FailureOf(exploration, kind), nullptr) << name << ": " << FirstMessage(exploration);
  }
}

TEST_P(LibrariesTest, ACallOfAnUnseenLibraryIsAStepWithTheNameOfTheFunction) {
  const Exploration exploration = Explore("unseen", {"wrong", "two_locks"}, Whole());
  ASSERT_FALSE(exploration.failures.empty());
  std::vector<std::string> operations;
  for (const InterleavingStep& step : exploration.failures[0].steps) operations.push_back(step.operation);
  EXPECT_THAT(operations, Contains("call _ZN6unseen7AcquireERNS_4LockE"));
  EXPECT_THAT(operations, Contains("return from _ZN6unseen7AcquireERNS_4LockE"));
}

TEST_P(LibrariesTest, AReadOfANodeThatWasFreedIsBoostsAndNotThePrograms) {
  if (!IsThere("boost_lockfree")) GTEST_SKIP() << "Boost.Lockfree is not installed";
  for (const char* container : {"stack", "queue"}) {
    InterleaveOptions options = Whole();
    options.seconds = 10;
    for (const InterleavingFailure& failure : Explore("boost_lockfree", {container}, options).failures)
      EXPECT_TRUE(failure.is_note) << container << ": " << failure.message;
  }
  const InterleavingFailure* race = FailureOf(Explore("boost_lockfree", {"two_producers"}, Whole()), "data race");
  ASSERT_NE(race, nullptr);
}

TEST_P(LibrariesTest, AStrandOfAsioOrdersAndAPoolDoesNot) {
  if (!IsThere("asio")) GTEST_SKIP() << "Asio is not installed";
  InterleaveOptions options = Whole();
  options.seconds = 5;  // It has too many interleavings to run all.
  const Exploration right = Explore("asio", {"right"}, options);
  EXPECT_TRUE(right.failures.empty()) << FirstMessage(right);
  EXPECT_FALSE(Explore("asio", {"wrong"}, options).failures.empty());
}

RACELAB_FOR_EACH_TREE(LibrariesTest);

}  // namespace
}  // namespace racelab
