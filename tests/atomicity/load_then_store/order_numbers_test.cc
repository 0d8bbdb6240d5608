#include <order_numbers.h>

#include <compare>
#include <cstdint>
#include <set>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/linearizable.h"
#include "tests/support/property.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

RACELAB_PROPERTY(OrderNumbers, CountFromOneOnOneThread, ()) {
  OrderNumbers numbers;
  const int orders = *rc::gen::inRange(0, 50);
  for (int order = 1; order <= orders; ++order) RC_ASSERT(numbers.Next() == order);
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

// What the numbers are, on one thread.
struct Last {
  std::int64_t last = 0;
  std::int64_t Apply(int /*order*/) { return ++last; }
  auto operator<=>(const Last&) const = default;
};

RACELAB_PROPERTY(OrderNumbers, AreLinearizable, ()) {
  RequireLinearizable<OrderNumbers, Last, std::int64_t, int>(
      *FewCalls(rc::gen::just(0)), [](OrderNumbers& numbers, int /*order*/) { return numbers.Next(); });
}

}  // namespace
}  // namespace racelab
