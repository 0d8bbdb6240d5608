#include <work_stack.h>

#include <optional>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

TEST(WorkStack, HasNothingToTakeAtFirst) {
  WorkStack stack;
  EXPECT_EQ(stack.Size(), 0);
  EXPECT_EQ(stack.TakeNext(), std::nullopt);
}

RC_GTEST_PROP(WorkStack, BehavesLikeAVectorOnOneThread, ()) {
  WorkStack stack;
  std::vector<int> model;
  int page = 0;
  for (const bool push : *rc::gen::arbitrary<std::vector<bool>>()) {
    if (push) {
      stack.Push(++page);
      model.push_back(page);
    } else if (model.empty()) {
      RC_ASSERT(stack.TakeNext() == std::nullopt);
    } else {
      RC_ASSERT(stack.TakeNext() == model.back());
      model.pop_back();
    }
    RC_ASSERT(stack.Size() == model.size());
  }
}

TEST(WorkStack, GivesEveryPageToOneWorker) {
  Interleavings([] {
    WorkStack stack;
    stack.Push(1);
    stack.Push(2);
    std::optional<int> one;
    std::optional<int> other;
    RunTogether([&] { one = stack.TakeNext(); }, [&] { other = stack.TakeNext(); });
    EXPECT_EQ((std::multiset{one, other}), (std::multiset<std::optional<int>>{1, 2}));
    EXPECT_EQ(stack.Size(), 0);
  });
}

TEST(WorkStack, GivesTheLastPageToOneWorkerAndNothingToTheOther) {
  Interleavings([] {
    WorkStack stack;
    stack.Push(1);
    std::optional<int> one;
    std::optional<int> other;
    RunTogether([&] { one = stack.TakeNext(); }, [&] { other = stack.TakeNext(); });
    EXPECT_NE(one.has_value(), other.has_value());
    EXPECT_EQ(one.value_or(0) + other.value_or(0), 1);
  });
}

TEST(WorkStack, KeepsAPageThatIsPushedWhileAnotherIsTaken) {
  Interleavings([] {
    WorkStack stack;
    stack.Push(1);
    std::optional<int> taken;
    RunTogether([&] { taken = stack.TakeNext(); }, [&] { stack.Push(2); });
    EXPECT_EQ((std::multiset{taken, stack.TakeNext()}), (std::multiset<std::optional<int>>{1, 2}));
    EXPECT_EQ(stack.TakeNext(), std::nullopt);
  });
}

}  // namespace
}  // namespace racelab
