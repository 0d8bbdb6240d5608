#include <order_numbers.h>

#include <cstdint>
#include <set>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/linearizable.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

TEST(OrderNumbers, CountFromOneOnOneThread) {
  ForRandomSteps({{"Next"}}, 50, [](Steps& steps) {
    OrderNumbers numbers;
    int orders = 0;
    for ([[maybe_unused]] const Step& step : steps) steps.Answers(numbers.Next(), ++orders);
  });
}

TEST(OrderNumbers, AreNeverGivenToTwo) {
  Interleavings([] {
    OrderNumbers numbers;
    std::int64_t one = 0;
    std::int64_t other = 0;
    RunTogether([&] { one = numbers.Next(); }, [&] { other = numbers.Next(); });
    EXPECT_NE(one, other);
    EXPECT_EQ(one + other, 3);
  });
}

TEST(OrderNumbers, AscendOnEachThread) {
  Interleavings([] {
    OrderNumbers numbers;
    std::int64_t first = 0;
    std::int64_t second = 0;
    std::int64_t other = 0;
    RunTogether(
        [&] {
          first = numbers.Next();
          second = numbers.Next();
        },
        [&] { other = numbers.Next(); });
    EXPECT_LT(first, second);
    EXPECT_EQ((std::set<std::int64_t>{first, second, other}), (std::set<std::int64_t>{1, 2, 3}));
  });
}

TEST(OrderNumbers, AreLinearizable) {
  RequireLinearizable<OrderNumbers>(
      {{"Next"}}, [](OrderNumbers& numbers, const Step&) -> Answer { return numbers.Next(); },
      /*initial=*/{0}, [](State& last, const Step&) -> Answer { return ++last[0]; });
}

TEST(OrderNumbers, GoOnHoweverManyOrdersThereAre) {
  OrderNumbers numbers;
  for (std::int64_t order = 1; order <= 40'000; ++order) ASSERT_EQ(numbers.Next(), order);
}

}  // namespace
}  // namespace racelab
