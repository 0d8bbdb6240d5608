#include <ticket_desk.h>

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/choose.h"
#include "tests/support/interleavings.h"
#include "tests/support/second_runtime.h"
#include "tests/support/step_note.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

// The bank does not vouch for customers whose names begin with an X. It answers in another turn of the loop.
Task<bool> AskBank(EventLoop& loop, std::string_view customer) {
  NoteStep("the bank is asked about " + std::string(customer));
  co_await loop.NextTurn();
  const bool vouched = customer.front() != 'X';
  NoteStep("the bank " + std::string(vouched ? "vouches" : "does not vouch") + " for " + std::string(customer));
  co_return vouched;
}

Task<std::optional<int>> Call(TicketDesk& desk, std::string_view customer) {
  NoteStep(std::string(customer) + " asks for a seat");
  const std::optional<int> seat = co_await desk.Sell(customer);
  NoteStep(std::string(customer) + (seat.has_value() ? " has seat " + std::to_string(*seat) : " has no seat"));
  co_return seat;
}

// An evening's sale: the customers call at once, and `pick` decides in which order they are served.
class Evening {
 public:
  Evening(int seats, std::function<int(int ready)> pick)
      : loop_(std::move(pick)),
        desk_(loop_, seats, [this](std::string_view customer) { return AskBank(loop_, customer); }) {}

  // The seat of each customer, if there is one. An empty list if a customer still waits for an answer.
  std::vector<std::optional<int>> Sell(const std::vector<std::string_view>& customers) {
    std::deque<Task<std::optional<int>>> calls;
    for (const std::string_view customer : customers) calls.push_back(Call(desk_, customer));
    for (const Task<std::optional<int>>& call : calls) loop_.Start(call);
    loop_.Run();
    std::vector<std::optional<int>> seats;
    for (const Task<std::optional<int>>& call : calls) {
      if (!call.Result().has_value()) return {};
      seats.push_back(*call.Result());
    }
    return seats;
  }

  int Free() const { return desk_.Free(); }

 private:
  EventLoop loop_;
  TicketDesk desk_;
};

int Count(const std::vector<std::optional<int>>& seats) {
  int sold = 0;
  for (const std::optional<int>& seat : seats) sold += seat.has_value();
  return sold;
}

bool EachOnce(const std::vector<std::optional<int>>& seats) {
  std::set<int> sold;
  for (const std::optional<int>& seat : seats) {
    if (seat.has_value() && !sold.insert(*seat).second) return false;
  }
  return true;
}

TEST(TicketDesk, SellsTheLastSeatOnce) {
  Interleavings([] {
    Evening evening(1, Choose);
    const auto seats = evening.Sell({"Ann", "Ben"});
    EXPECT_EQ(evening.Free(), 0);
    EXPECT_EQ(Count(seats), 1);
  });
}

TEST(TicketDesk, SellsTwoSeatsToTwoOfThreeCustomers) {
  Interleavings([] {
    Evening evening(2, Choose);
    const auto seats = evening.Sell({"Ann", "Ben", "Cleo"});
    EXPECT_EQ(seats.size(), 3);
    EXPECT_EQ(evening.Free(), 0);
    EXPECT_TRUE(EachOnce(seats));
    EXPECT_EQ(Count(seats), 2);
  });
}

// The contract does not say whether Ann comes too early for the seat that Xaver does not get; but nobody else has it
// then.
TEST(TicketDesk, SellsNothingToACustomerForWhomTheBankDoesNotVouch) {
  Interleavings([] {
    Evening evening(1, Choose);
    const auto seats = evening.Sell({"Xaver", "Ann"});
    ASSERT_EQ(seats.size(), 2);
    EXPECT_FALSE(seats[0].has_value());
    EXPECT_EQ(evening.Free(), seats[1].has_value() ? 0 : 1);
    EXPECT_EQ(Count(evening.Sell({"Ben"})), seats[1].has_value() ? 0 : 1);
  });
}

// The contract does not say which of the free seats is sold.
TEST(TicketDesk, SellsAllSeatsToCustomersWhoCallOneAfterTheOther) {
  Evening evening(2, [](int) { return 0; });
  EXPECT_EQ(evening.Free(), 2);
  std::set<int> sold;
  for (const std::string_view customer : {"Ann", "Xaver", "Ben", "Cleo"}) {
    const auto seats = evening.Sell({customer});
    ASSERT_EQ(seats.size(), 1);
    EXPECT_EQ(seats.front().has_value(), customer == "Ann" || customer == "Ben") << customer;
    if (seats.front().has_value()) sold.insert(*seats.front());
  }
  EXPECT_EQ(sold, std::set({1, 2}));
  EXPECT_EQ(evening.Free(), 0);
}

TEST(TicketDesk, MayCloseBeforeAnybodyHasCalled) {
  EventLoop loop;
  TicketDesk(loop, 1, [&](std::string_view customer) { return AskBank(loop, customer); });
  loop.Run();
}

TEST(TicketDesk, MayCloseOnceEverybodyHasAnAnswer) {
  EventLoop loop;
  {
    TicketDesk desk(loop, 1, [&](std::string_view customer) { return AskBank(loop, customer); });
    const Task<std::optional<int>> call = Call(desk, "Ann");
    loop.Start(call);
    loop.Run();
    EXPECT_EQ(call.Result(), std::optional(std::optional(1)));
  }
  loop.Run();
}

TEST(TicketDesk, SellsEachSeatOnceInAnyOrder) {
  if (UnderSecondRuntime())
    GTEST_SKIP() << "random orders of many customers, for where not every order of a few is run";
  ForRandomSteps({{"Ann"}, {"Ben"}, {"Cleo"}, {"Xaver"}}, 6, [](Steps& steps) {
    constexpr std::string_view kNames[] = {"Ann", "Ben", "Cleo", "Xaver"};
    const int free = steps.Pick("free seats", {0, 4});
    std::vector<std::string_view> customers;
    for (const Step& step : steps) customers.push_back(kNames[step.what]);
    Evening evening(free, [&](int ready) { return steps.Pick("next", {0, ready}); });
    const auto seats = evening.Sell(customers);
    steps.Shows("customers who got an answer", seats.size(), customers.size());
    steps.Check(EachOnce(seats), "two customers have one seat");
    steps.Shows("Free", evening.Free(), free - Count(seats));
  });
}

TEST(TicketDesk, SellsTheSeatOfARefusedCustomerToTheNext) {
  Interleavings([] {
    Evening evening(2, Choose);
    auto seats = evening.Sell({"Xaver", "Ann"});
    const auto later = evening.Sell({"Ben"});
    seats.insert(seats.end(), later.begin(), later.end());
    EXPECT_EQ(Count(seats), 2);
    EXPECT_TRUE(EachOnce(seats));
    for (const std::optional<int>& seat : seats) {
      EXPECT_TRUE(seat.value_or(1) == 1 || *seat == 2) << "there is no seat " << *seat;
    }
  });
}

TEST(TicketDesk, SellsTwoSeatsToACustomerWhoAsksTwiceAtOnce) {
  Interleavings([] {
    Evening evening(2, Choose);
    const auto seats = evening.Sell({"Ann", "Ann"});
    EXPECT_EQ(Count(seats), 2);
    EXPECT_TRUE(EachOnce(seats));
  });
}

Task<bool> Say(EventLoop& loop, bool vouched) {
  co_await loop.NextTurn();
  co_return vouched;
}

TEST(TicketDesk, SellsToACustomerAsTheBankSaysEachTime) {
  EventLoop loop;
  bool vouches = false;
  TicketDesk desk(loop, 2, [&](std::string_view) { return Say(loop, vouches); });
  std::vector<bool> sold;
  for (const bool vouches_now : {false, true, false}) {
    vouches = vouches_now;
    const Task<std::optional<int>> call = Call(desk, "Ann");
    loop.Start(call);
    loop.Run();
    sold.push_back(call.Result().has_value() && call.Result()->has_value());
  }
  EXPECT_EQ(sold, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(desk.Free(), 1);
}

TEST(TicketDesk, SellsEachSeatOfALargeHallOnce) {
  constexpr int kSeats = 300;
  Evening evening(kSeats, [](int) { return 0; });
  const auto seats = evening.Sell(std::vector<std::string_view>(kSeats, "Ann"));
  EXPECT_EQ(Count(seats), kSeats);
  EXPECT_TRUE(EachOnce(seats));
  EXPECT_EQ(evening.Free(), 0);
}

}  // namespace
}  // namespace racelab
