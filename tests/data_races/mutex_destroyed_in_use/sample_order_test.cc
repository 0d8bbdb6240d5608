#include <sample_order.h>

#include <functional>
#include <latch>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/second_runtime.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

constexpr int kResult = 141;
constexpr std::optional<int> kNone;

void NobodyToCall() {}

// On the heap, where a detector notices every later use.
std::unique_ptr<SampleOrder> MakeOrder(std::function<void()> ring = NobodyToCall) {
  return std::make_unique<SampleOrder>(std::move(ring));
}

// Waits for somebody whom a right variant does not keep waiting. A wrong one must not hang ThreadSanitizer, which would
// say nothing of it; the second runtime calls it a deadlock.
void ThatWaitsForNobody(HandShake& done) {
  if (UnderSecondRuntime()) {
    done.Await();
  } else {
    done.AwaitBriefly();
  }
}

TEST(SampleOrder, HasNoResultUntilItIsCompleteAndThenKeepsIt) {
  ForRandomSteps({{"Result"}, {"Complete", {-100, 100}}}, 10, [](Steps& steps) {
    enum { kAsk, kComplete };
    const auto order = MakeOrder();
    std::optional<int> model;
    for (const Step& step : steps) {
      if (step.what == kAsk) {
        steps.Answers(order->Result(), model);
      } else if (!model) {  // It is called once.
        order->Complete(step.value);
        model = step.value;
      }
    }
  });
}

TEST(SampleOrder, KeepsEveryResult) {
  for (const int result : {std::numeric_limits<int>::min(), -1, 0, std::numeric_limits<int>::max()}) {
    const auto order = MakeOrder();
    order->Complete(result);
    EXPECT_EQ(order->Result(), result);
  }
}

TEST(SampleOrder, RingsOnceWhenTheResultCanBeHad) {
  Interleavings([] {
    int rung = 0;
    std::optional<int> then;
    std::unique_ptr<SampleOrder> order;
    order = MakeOrder([&] {
      ++rung;
      then = order->Result();
    });
    RunTogether([&] { order->Complete(kResult); });
    EXPECT_EQ(rung, 1);
    EXPECT_EQ(then, kResult);
  });
}

TEST(SampleOrder, MayBeDestroyedAtOnceByAWardThatHasTheResult) {
  Interleavings([] {
    auto order = MakeOrder();
    std::optional<int> result;
    RunTogether([&order = *order] { order.Complete(kResult); },
                [&] {
                  result = order->Result();
                  if (result) order.reset();
                });
    EXPECT_EQ(result.value_or(kResult), kResult);
    if (order != nullptr) {
      EXPECT_EQ(order->Result(), kResult);
    }
  });
}

// Somebody answers the telephone, asks for the result, and throws the order away; only then does the ringing stop. (The
// call orders what was before it, and nothing else.)
TEST(SampleOrder, KeepsNoWardWaitingForATelephone) {
  Interleavings([] {
    std::latch rings(1);
    HandShake thrown_away;
    int rung = 0;
    auto order = MakeOrder([&] {
      rings.count_down();
      ThatWaitsForNobody(thrown_away);
      ++rung;
    });
    std::optional<int> result;
    RunSimultaneously([&order = *order] { order.Complete(kResult); },
                      [&] {
                        rings.wait();
                        result = order->Result();
                        if (result) order.reset();
                        thrown_away.Signal();
                      });
    EXPECT_EQ(result, kResult);
    EXPECT_EQ(rung, 1);
  });
}

TEST(SampleOrder, TellsTheSameToTwoWardsAtOnce) {
  Interleavings([] {
    const auto order = MakeOrder();
    std::optional<int> first, second;
    RunTogether([&] { order->Complete(kResult); }, [&] { first = order->Result(); }, [&] { second = order->Result(); });
    EXPECT_EQ(first.value_or(kResult), kResult);
    EXPECT_EQ(second.value_or(kResult), kResult);
    EXPECT_EQ(order->Result(), kResult);
  });
}

// What one ward has heard, another one who asks later hears, too.
TEST(SampleOrder, NeverTakesAResultBack) {
  Interleavings([] {
    const auto order = MakeOrder();
    std::optional<int> first, again;
    RunTogether([&] { order->Complete(kResult); },
                [&] {
                  first = order->Result();
                  again = order->Result();
                });
    EXPECT_TRUE(again == first || first == kNone);
    EXPECT_EQ(again.value_or(kResult), kResult);
  });
}

}  // namespace
}  // namespace racelab
