#include <bid_history.h>

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

TEST(BidHistory, IsEmptyBeforeTheFirstBid) {
  const BidHistory history;
  EXPECT_TRUE(history.Bids().empty());
  EXPECT_EQ(HighestBid(history), 0);
}

TEST(BidHistory, KeepsTheRecordsOnOneThread) {
  ForRandomSteps({{"Place", {1, 1000}}}, 50, [](Steps& steps) {
    BidHistory history;
    std::vector<std::int64_t> records;
    for (const Step& step : steps) {
      const bool higher = records.empty() || step.value > records.back();
      steps.Answers(history.Place(step.value), higher);
      if (higher) records.push_back(step.value);
      steps.Shows("Bids", history.Bids(), records);
      steps.Shows("HighestBid", HighestBid(history), records.back());
    }
  });
}

TEST(BidHistory, ShowsTheFirstBidOrNoneWhileItArrives) {
  Interleavings([] {
    BidHistory history;
    std::int64_t highest = 0;
    RunTogether([&] { history.Place(10); }, [&] { highest = HighestBid(history); });
    EXPECT_TRUE(highest == 0 || highest == 10) << highest;
    EXPECT_EQ(HighestBid(history), 10);
  });
}

TEST(BidHistory, AcceptsOneOfTwoEqualBids) {
  Interleavings([] {
    BidHistory history;
    bool first = false, second = false;
    RunTogether([&] { first = history.Place(10); }, [&] { second = history.Place(10); });
    EXPECT_NE(first, second);
    EXPECT_EQ(history.Bids(), std::vector<std::int64_t>{10});
  });
}

TEST(BidHistory, AcceptsTheHigherOfTwoBidsWhateverTheOrder) {
  Interleavings([] {
    BidHistory history;
    history.Place(10);
    bool lower = false, higher = false;
    RunTogether([&] { lower = history.Place(20); }, [&] { higher = history.Place(30); });
    EXPECT_TRUE(higher);
    EXPECT_EQ(history.Bids(), lower ? (std::vector<std::int64_t>{10, 20, 30}) : (std::vector<std::int64_t>{10, 30}));
  });
}

}  // namespace
}  // namespace racelab
