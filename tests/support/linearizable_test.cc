// What is linearizable is found to be so, what is not is not, and the checker itself knows the difference.

#include "tests/support/linearizable.h"

#include <atomic>
#include <compare>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "solutions/support/channel.h"
#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

// A register: 0 reads it, another number is added to it; both answer with what it held before.
struct Register {
  int value = 0;
  int Apply(int number) { return std::exchange(value, value + number); }
  auto operator<=>(const Register&) const = default;
};

class AtomicRegister {
 public:
  int Add(int number) { return value_.fetch_add(number); }

 private:
  std::atomic<int> value_ = 0;
};

class TornRegister {
 public:
  int Add(int number) {
    const int before = value_.load();
    if (number != 0) value_.store(before + number);
    return before;
  }

 private:
  std::atomic<int> value_ = 0;
};

TEST(History, OfOverlappingCallsMayBeInEitherOrder) {
  History<int, int> history(2);
  history.Call(0, 5, [&] {
    history.Call(1, 0, [] { return 5; });  // Begins and ends within the other.
    return 0;
  });
  EXPECT_TRUE(history.IsLinearizable(Register()));
}

TEST(History, OfOneCallAfterTheOtherIsInThatOrder) {
  History<int, int> history(2);
  history.Call(0, 5, [] { return 0; });
  history.Call(1, 0, [] { return 0; });  // Must see the 5.
  EXPECT_FALSE(history.IsLinearizable(Register()));
}

TEST(History, ThatNoOrderExplainsIsNotLinearizable) {
  History<int, int> history(1);
  history.Call(0, 1, [] { return 7; });
  EXPECT_FALSE(history.IsLinearizable(Register()));
}

TEST(Linearizable, IsAnAtomicRegister) {
  if (!UnderSecondRuntime()) GTEST_SKIP() << "for where every interleaving is run";
  const bool holds = rc::check("in every interleaving", [] {
    RequireLinearizable<AtomicRegister, Register, int, int>(*FewCalls(rc::gen::inRange(0, 3)),
                                                            [](AtomicRegister& r, const int& n) { return r.Add(n); });
  });
  EXPECT_TRUE(holds);
}

// The queue of the solutions: 0 receives, if there is something; another number is sent.
struct Queue {
  std::deque<int> values;
  std::optional<int> Apply(int number) {
    if (number != 0) {
      values.push_back(number);
      return std::nullopt;
    }
    if (values.empty()) return std::nullopt;
    const int oldest = values.front();
    values.pop_front();
    return oldest;
  }
  auto operator<=>(const Queue&) const = default;
};

TEST(Linearizable, IsAChannel) {
  if (!UnderSecondRuntime()) GTEST_SKIP() << "for where every interleaving is run";
  const bool holds = rc::check("in every interleaving", [] {
    RequireLinearizable<Channel<int>, Queue, std::optional<int>, int>(
        *FewCalls(rc::gen::inRange(0, 3)), [](Channel<int>& channel, const int& number) -> std::optional<int> {
          if (number == 0) return channel.TryReceive();
          channel.Send(number);
          return std::nullopt;
        });
  });
  EXPECT_TRUE(holds);
}

TEST(Linearizable, IsNotALoadThenAStore) {
  if (!UnderSecondRuntime()) GTEST_SKIP() << "found for certain only where every interleaving is run";
  const std::vector<std::vector<int>> both_add = {{1}, {1}};
  EXPECT_THROW((RequireLinearizable<TornRegister, Register, int, int>(
                   both_add, [](TornRegister& r, const int& n) { return r.Add(n); })),
               NotLinearizable);
}

}  // namespace
}  // namespace racelab
