#include <work_stack.h>

#include <compare>
#include <optional>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/linearizable.h"
#include "tests/support/property.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

TEST(WorkStack, HasNothingToTakeAtFirst) {
  WorkStack stack;
  EXPECT_EQ(stack.Size(), 0);
  EXPECT_EQ(stack.TakeNext(), std::nullopt);
}

RACELAB_PROPERTY(WorkStack, BehavesLikeAVectorOnOneThread, ()) {
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

// What a stack is, on one thread: a page is pushed, or, if it is 0, the newest is taken.
struct Pages {
  std::vector<int> pages;
  std::optional<int> Apply(int page) {
    if (page != 0) {
      pages.push_back(page);
      return std::nullopt;
    }
    if (pages.empty()) return std::nullopt;
    const int newest = pages.back();
    pages.pop_back();
    return newest;
  }
  auto operator<=>(const Pages&) const = default;
};

RACELAB_PROPERTY(WorkStack, IsLinearizable, ()) {
  RequireLinearizable<WorkStack, Pages, std::optional<int>, int>(*FewCalls(rc::gen::inRange(0, 3)),
                                                                 [](WorkStack& stack, int page) -> std::optional<int> {
                                                                   if (page == 0) return stack.TakeNext();
                                                                   stack.Push(page);
                                                                   return std::nullopt;
                                                                 });
}

}  // namespace
}  // namespace racelab
