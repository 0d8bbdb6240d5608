#include <bid_history.h>

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

using List = std::vector<std::int64_t>;

// Copies what a loop goes through: the return type of Bids() is up to the class.
template <typename Range>
List ListOf(const Range& bids) {
  List list;
  for (const std::int64_t bid : bids) list.push_back(bid);
  return list;
}

TEST(BidHistory, IsEmptyBeforeTheFirstBid) {
  const BidHistory history;
  EXPECT_EQ(ListOf(history.Bids()), List{});
  EXPECT_EQ(HighestBid(history), 0);
}

TEST(BidHistory, KeepsTheRecordsOnOneThread) {
  ForRandomSteps({{"Place", {1, 1000}}}, 50, [](Steps& steps) {
    BidHistory history;
    List records;
    for (const Step& step : steps) {
      const bool higher = records.empty() || step.value > records.back();
      steps.Answers(history.Place(step.value), higher);
      if (higher) records.push_back(step.value);
      steps.Shows("Bids", ListOf(history.Bids()), records);
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
    EXPECT_EQ(ListOf(history.Bids()), List{10});
  });
}

TEST(BidHistory, AcceptsTheHigherOfTwoBidsWhateverTheOrder) {
  Interleavings([] {
    BidHistory history;
    history.Place(10);
    bool lower = false, higher = false;
    RunTogether([&] { lower = history.Place(20); }, [&] { higher = history.Place(30); });
    EXPECT_TRUE(higher);
    EXPECT_EQ(ListOf(history.Bids()), lower ? (List{10, 20, 30}) : (List{10, 30}));
  });
}

TEST(BidHistory, AcceptsAFirstBidThatIsNotAboveZero) {
  for (const std::int64_t bid : {0, -5}) {
    BidHistory history;
    EXPECT_TRUE(history.Place(bid)) << bid;
    EXPECT_EQ(ListOf(history.Bids()), List{bid});
  }
}

// The bids that a loop goes through were accepted, and each is higher than the one before, whatever happens meanwhile.
TEST(BidHistory, ShowsTwoReadersEachTheBidsSoFar) {
  Interleavings([] {
    BidHistory history;
    history.Place(10);
    List one, other;
    RunTogether([&] { one = ListOf(history.Bids()); },
                [&] {
                  history.Place(20);
                  other = ListOf(history.Bids());
                });
    EXPECT_TRUE(one == List{10} || one == (List{10, 20})) << testing::PrintToString(one);
    EXPECT_EQ(other, (List{10, 20}));
  });
}

TEST(BidHistory, ShowsTheBidsOfOneAuctionInALoopThatAsksForThoseOfAnother) {
  BidHistory history, another;
  for (const std::int64_t bid : {10, 20, 30}) history.Place(bid);
  for (const std::int64_t bid : {7, 8, 9}) another.Place(bid);
  List seen;
  for (const std::int64_t bid : history.Bids()) {
    seen.push_back(bid);
    EXPECT_EQ(ListOf(another.Bids()), (List{7, 8, 9}));
    if (seen.size() > 3) break;
  }
  EXPECT_EQ(seen, (List{10, 20, 30}));
}

TEST(BidHistory, ShowsOnlyAcceptedBidsInALoopThatPlacesMore) {
  BidHistory history;
  for (const std::int64_t bid : {10, 20, 30}) history.Place(bid);
  List seen;
  for (const std::int64_t bid : history.Bids()) {
    seen.push_back(bid);
    history.Place(1000 + bid);
    if (seen.size() == 3) break;  // Whether the new bids are shown, too, is up to the class.
  }
  EXPECT_EQ(seen, (List{10, 20, 30}));
  EXPECT_EQ(ListOf(history.Bids()), (List{10, 20, 30, 1010, 1020, 1030}));
}

TEST(BidHistory, ShowsAcceptedBidsHoweverManyFollow) {
  constexpr int kMore = 300;
  BidHistory history;
  history.Place(1);
  const auto& bids = history.Bids();
  for (int more = 1; more <= kMore; ++more) history.Place(1 + more);
  std::int64_t next = 1;
  for (const std::int64_t bid : bids) {
    ASSERT_EQ(bid, next);  // Those of then, or of now.
    ++next;
  }
  EXPECT_GE(next, 2);
  EXPECT_EQ(HighestBid(history), 1 + kMore);
  EXPECT_EQ(ListOf(history.Bids()).size(), 1 + kMore);
}

TEST(BidHistory, GivesItsMemoryBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              BidHistory history;
              history.Place(10);
              const auto& bids = history.Bids();
              history.Place(20);
              for ([[maybe_unused]] const std::int64_t bid : bids) history.Bids();
            }),
            0);
}

}  // namespace
}  // namespace racelab
