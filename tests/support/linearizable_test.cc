// The checker accepts linearizable classes, and rejects others.

#include "tests/support/linearizable.h"

#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "solutions/support/channel.h"
#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

using linearizable::History;

// A register: a call adds a number to it, and returns its old value. (0 only reads.)
constexpr Kind kAdd[] = {{"Add", {0, 3}}};

const State kInitial = {0};

Answer AddTo(State& state, const Step& step) {
  const Answer before = state[0];
  state[0] += step.value;
  return before;
}

Step Add(int number) { return {0, number}; }

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
  History history(2);
  history.Call(0, Add(5), [&]() -> Answer {
    history.Call(1, Add(0), []() -> Answer { return 5; });  // Begins and ends within the other call.
    return 0;
  });
  EXPECT_TRUE(history.IsLinearizable(kInitial, AddTo));
}

TEST(History, OfOneCallAfterTheOtherIsInThatOrder) {
  History history(2);
  history.Call(0, Add(5), []() -> Answer { return 0; });
  history.Call(1, Add(0), []() -> Answer { return 0; });  // Must see the 5.
  EXPECT_FALSE(history.IsLinearizable(kInitial, AddTo));
}

TEST(History, ThatNoOrderExplainsIsNotLinearizable) {
  History history(1);
  history.Call(0, Add(1), []() -> Answer { return 7; });
  EXPECT_FALSE(history.IsLinearizable(kInitial, AddTo));
}

TEST(History, IsShownInTheWordsOfTheClass) {
  History history(2);
  history.Call(0, Add(1), []() -> Answer { return 0; });
  history.Call(1, Add(2), []() -> Answer { return std::nullopt; });
  history.Call(0, Add(0), []() -> Answer { return 3; });
  EXPECT_EQ(history.InWords(kAdd), "[Add(1) → 0, Add(0) → 3] and [Add(2) → nothing]");
}

TEST(ChoicesOfCalls, BeginWithOneOnEachThreadAndLeaveNothingOut) {
  const auto choices = linearizable::ChoicesOfCalls(kAdd);
  EXPECT_EQ(choices.size(), 6 + 27);  // Two of three calls, in either order, and three of three.
  EXPECT_EQ(choices.front().front().size(), 1);
  EXPECT_EQ(choices.back().front().size(), 2);
  EXPECT_EQ(choices.back().back().front().value, 2);
}

TEST(ChoicesOfCalls, AreRefusedIfThereAreTooMany) {
  EXPECT_THROW(linearizable::ChoicesOfCalls({{"Add", {0, 100}}}), std::invalid_argument);
}

TEST(Linearizable, IsAnAtomicRegister) {
  if (!UnderSecondRuntime()) GTEST_SKIP() << "for where every interleaving is run";
  RequireLinearizable<AtomicRegister>(
      kAdd, [](AtomicRegister& r, const Step& step) -> Answer { return r.Add(step.value); }, kInitial, AddTo);
}

TEST(Linearizable, IsAChannel) {
  if (!UnderSecondRuntime()) GTEST_SKIP() << "for where every interleaving is run";
  enum { kTryReceive, kSend };
  RequireLinearizable<Channel<int>>(
      {{"TryReceive"}, {"Send", {1, 3}}},
      [](Channel<int>& channel, const Step& step) -> Answer {
        if (step.what == kTryReceive) return channel.TryReceive();
        channel.Send(step.value);
        return std::nullopt;
      },
      /*initial=*/{},
      [](State& values, const Step& step) -> Answer {
        if (step.what == kSend) {
          values.push_back(step.value);
          return std::nullopt;
        }
        if (values.empty()) return std::nullopt;
        const Answer oldest = values.front();
        values.erase(values.begin());
        return oldest;
      });
}

struct NotLinearizable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

TEST(Linearizable, IsNotALoadThenAStore) {
  if (!UnderSecondRuntime()) GTEST_SKIP() << "found for certain only where every interleaving is run";
  const auto with_fresh_subject = [](absl::FunctionRef<void(linearizable::Apply)> run) {
    TornRegister torn;
    run([&](const Step& step) -> Answer { return torn.Add(step.value); });
  };
  std::string shown;
  try {
    linearizable::RunInEveryInterleaving({{Add(1)}, {Add(1)}}, with_fresh_subject, kInitial, AddTo,
                                         [](const History& history) { throw NotLinearizable(history.InWords(kAdd)); });
  } catch (const NotLinearizable& thrown) {
    shown = thrown.what();
  }
  EXPECT_EQ(shown, "[Add(1) → 0] and [Add(1) → 0]");
}

}  // namespace
}  // namespace racelab
