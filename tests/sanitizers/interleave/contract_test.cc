// The layout data in the second runtime's report, on which its readers rely.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/verdict/judge_exploration.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

class ContractTest : public ExploredTest {
 protected:
  static InterleaveResult Search(const std::string& search) {
    InterleaveOptions options = Whole();
    options.search = search;
    return Run("primitives", {"right", "barrier"}, options);
  }
};

TEST_P(ContractTest, SaysHowItsAddressesAndRegistersAreToBeRead) {
  const Exploration exploration = Explore("names", {"race"}, Whole());
  EXPECT_NE(exploration.layout.heap, 0u);
  EXPECT_NE(exploration.layout.heap_bytes, 0u);
  EXPECT_THAT(exploration.layout.registers, IsSupersetOf({3, 6}));  // rbx, rbp
  ASSERT_FALSE(exploration.failures.empty());
  EXPECT_EQ(exploration.failures[0].kind, "data race");
  EXPECT_EQ(exploration.failures[0].memory_bytes, 8u);
}

TEST_P(ContractTest, TellsMisuse) {
  for (const char* search : {"backwards", "replay:1?"}) {
    const InterleaveResult result = Search(search);
    EXPECT_EQ(result.runtime, RuntimesEnd::kMisuse) << search;
    EXPECT_THAT(result.runtimes_words, HasSubstr("RACELAB_INTERLEAVE: "));
    EXPECT_EQ(ShortfallOf(result).kind, Shortfall::Kind::kMisuse);
    EXPECT_EQ(JudgeExplorations(result, nullptr).verdict, Verdict::kCouldNotStart);
  }
}

TEST_P(ContractTest, TellsThatItGaveUp) {
  const InterleaveResult result = Search("replay:nowhere:1");
  EXPECT_EQ(result.runtime, RuntimesEnd::kGaveUp);
  EXPECT_EQ(result.runtimes_words, "'nowhere' names no memory of this program");
}

RACELAB_FOR_EACH_TREE(ContractTest);

}  // namespace
}  // namespace racelab
