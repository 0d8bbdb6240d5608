#include <bid_history.h>

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/property.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

TEST(BidHistory, IsEmptyBeforeTheFirstBid) {
  const BidHistory history;
  EXPECT_TRUE(history.Bids().empty());
  EXPECT_EQ(HighestBid(history), 0);
}

RACELAB_PROPERTY(BidHistory, KeepsTheRecordsOnOneThread, ()) {
  BidHistory history;
  std::vector<std::int64_t> records;
  for (const int bid : *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 1000))) {
    const bool higher = records.empty() || bid > records.back();
    RC_ASSERT(history.Place(bid) == higher);
    if (higher) records.push_back(bid);
    RC_ASSERT(history.Bids() == records);
    RC_ASSERT(HighestBid(history) == records.back());
  }
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

}  // namespace
}  // namespace racelab
