// The numbers of interleavings that are known from the literature: an exact check of the executions that the search
// runs, and of those that it omits. Sources: GenMC's tests (https://github.com/MPI-SWS/genmc) for fib_bench, casw, CoA
// and the writers; binomials for the full search of two threads with n steps each, (2n)! / (n!)^2; the rest follows
// from these by hand.

#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

class CountsTest : public ExploredTest {
 protected:
  static void ExpectAll(const std::string& search, const std::string& program, int n, std::uint64_t interleavings) {
    InterleaveOptions options = Whole();
    options.resolve = false;
    options.search = search;
    const Exploration exploration = Explore("counts", {program, std::to_string(n)}, options);
    EXPECT_EQ(exploration.executions, interleavings) << search << ": " << program << " " << n;
    EXPECT_TRUE(exploration.complete);
    EXPECT_TRUE(exploration.failures.empty());
  }
};

TEST_P(CountsTest, OfTwoLoadsAndStoresInFull) {
  const std::uint64_t counts[] = {6, 70, 924, 12'870, 184'756};
  for (int n = 1; n <= 5; ++n) ExpectAll("full", "counter", n, counts[n - 1]);
}

TEST_P(CountsTest, OfTwoLoadsAndStoresReduced) {
  const std::uint64_t counts[] = {4, 34, 328, 3'334, 34'904};
  for (int n = 1; n <= 5; ++n) ExpectAll("exhaustive", "counter", n, counts[n - 1]);
}

TEST_P(CountsTest, OfFibonacci) { ExpectAll("exhaustive", "fib", 5, 218'243); }

// A compare-exchange that fails is a read.
TEST_P(CountsTest, OfCompareExchanges) {
  ExpectAll("exhaustive", "casw", 4, 1'200);
  ExpectAll("exhaustive", "casw", 5, 32'880);
}

TEST_P(CountsTest, OfCoherenceTests) { ExpectAll("exhaustive", "coa", 3, 130); }

TEST_P(CountsTest, OfEightWriters) { ExpectAll("exhaustive", "writers", 8, 40'320); }

// Each of N threads chooses between two values: 2^N N!.
TEST_P(CountsTest, OfChoicesInEveryCombination) {
  for (const char* search : {"full", "exhaustive"}) {
    ExpectAll(search, "choose", 2, 8);
    ExpectAll(search, "choose", 4, 384);
  }
}

// Each interleaving is run by exactly one process.
TEST_P(CountsTest, OfThePartsOfASearchAddUp) {
  const auto expect_sum = [](const std::string& search, const std::string& program, int n, std::uint64_t sum) {
    for (int shards : {2, 3, 8}) {
      std::vector<Exploration> parts;
      for (int shard = 0; shard < shards; ++shard) {
        InterleaveOptions options = Whole();
        options.resolve = false;
        options.search = search;
        options.shard = shard;
        options.shards = shards;
        parts.push_back(Explore("counts", {program, std::to_string(n)}, options));
      }
      const std::vector<Exploration> whole = Merge(parts);
      ASSERT_EQ(whole.size(), 1u);
      EXPECT_EQ(whole[0].executions, sum) << search << ": " << program << " " << n << ", in " << shards << " parts";
      EXPECT_TRUE(whole[0].complete);
    }
  };
  expect_sum("exhaustive", "counter", 4, 3'334);
  expect_sum("full", "counter", 3, 924);
  expect_sum("exhaustive", "casw", 4, 1'200);
  expect_sum("exhaustive", "choose", 3, 48);
  expect_sum("exhaustive", "counter", 1, 4);  // It ends before its branches are assigned.
}

TEST_P(CountsTest, OfAtMostNPreemptionsGrowToAll) {
  InterleaveOptions options = Whole();
  std::uint64_t last = 0;
  for (int bound = 0; bound <= 6; ++bound) {
    options.search = "preemptions:" + std::to_string(bound);
    const Exploration exploration = Explore("counts", {"counter", "2"}, options);
    EXPECT_TRUE(exploration.complete);
    EXPECT_GT(exploration.executions, last) << bound;
    last = exploration.executions;
  }
  EXPECT_EQ(last, 70u);
}

RACELAB_FOR_EACH_TREE(CountsTest);

}  // namespace
}  // namespace racelab
