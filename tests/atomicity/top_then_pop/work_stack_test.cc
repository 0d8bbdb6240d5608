#include <work_stack.h>

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/linearizable.h"
#include "tests/support/memory_left.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

TEST(WorkStack, HasNothingToTakeAtFirst) {
  WorkStack stack;
  EXPECT_EQ(stack.Size(), 0);
  EXPECT_EQ(stack.TakeNext(), std::nullopt);
}

enum { kTakeNext, kPush };

TEST(WorkStack, BehavesLikeAVectorOnOneThread) {
  ForRandomSteps({{"TakeNext"}, {"Push", {-2, 100}}}, 50, [](Steps& steps) {
    WorkStack stack;
    std::vector<int> model;
    for (const Step& step : steps) {
      if (step.what == kPush) {
        stack.Push(step.value);
        model.push_back(step.value);
      } else if (model.empty()) {
        steps.Answers(stack.TakeNext(), std::nullopt);
      } else {
        steps.Answers(stack.TakeNext(), std::optional(model.back()));
        model.pop_back();
      }
      steps.Shows("Size", stack.Size(), model.size());
    }
  });
}

TEST(WorkStack, KeepsManyPages) {
  constexpr int kPages = 5000;
  WorkStack stack;
  for (int page = 0; page < kPages; ++page) stack.Push(page);
  EXPECT_EQ(stack.Size(), kPages);
  for (int page = kPages; page-- > 0;) ASSERT_EQ(stack.TakeNext(), page);
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

TEST(WorkStack, CountsThePagesBeforeOrAfterOneIsPushed) {
  Interleavings([] {
    WorkStack stack;
    std::size_t seen = 0;
    RunTogether([&] { stack.Push(1); }, [&] { seen = stack.Size(); });
    EXPECT_LE(seen, 1);
    EXPECT_EQ(stack.Size(), 1);
  });
}

TEST(WorkStack, GivesAPageThatItHasCounted) {
  Interleavings([] {
    WorkStack stack;
    std::size_t counted = 0;
    std::optional<int> taken;
    RunTogether([&] { stack.Push(1); },
                [&] {
                  counted = stack.Size();
                  taken = stack.TakeNext();
                });
    if (counted == 1) {
      EXPECT_EQ(taken, 1);
    }
  });
}

TEST(WorkStack, CountsNoPageThatItHasGivenAway) {
  Interleavings([] {
    WorkStack stack;
    stack.Push(1);
    std::optional<int> taken;
    std::size_t counted = 0;
    RunTogether([&] { stack.TakeNext(); },
                [&] {
                  taken = stack.TakeNext();
                  counted = stack.Size();
                });
    if (!taken) {
      EXPECT_EQ(counted, 0);
    }
  });
}

TEST(WorkStack, IsLinearizable) {
  RequireLinearizable<WorkStack>(
      {{"TakeNext"}, {"Push", {1, 3}}},
      [](WorkStack& stack, const Step& step) -> Answer {
        if (step.what == kTakeNext) return stack.TakeNext();
        stack.Push(step.value);
        return std::nullopt;
      },
      /*initial=*/{},
      [](State& pages, const Step& step) -> Answer {
        if (step.what == kPush) {
          pages.push_back(step.value);
          return std::nullopt;
        }
        if (pages.empty()) return std::nullopt;
        const Answer newest = pages.back();
        pages.pop_back();
        return newest;
      });
}

TEST(WorkStack, CountsAtMostThePagesThatWerePushed) {
  Interleavings([] {
    WorkStack stack;
    std::size_t seen = 0;
    RunTogether([&] { stack.Push(1); }, [&] { stack.TakeNext(); }, [&] { seen = stack.Size(); });
    EXPECT_LE(seen, 1);
  });
}

TEST(WorkStack, HasAPageToTakeWhileAnotherIsPushedOnIt) {
  Interleavings([] {
    WorkStack stack;
    stack.Push(1);
    std::optional<int> one;
    std::optional<int> other;
    RunTogether([&] { stack.Push(2); },
                [&] {
                  one = stack.TakeNext();
                  other = stack.TakeNext();
                });
    if (one == 2) {
      EXPECT_EQ(other, 1);  // It was there before.
    } else {
      EXPECT_EQ(one, 1);
      EXPECT_EQ(other.value_or(2), 2);
    }
    EXPECT_EQ(stack.Size(), other ? 0 : 1);
  });
}

TEST(WorkStack, GivesAwayEveryPageOfTwoThatArriveTogether) {
  Interleavings([] {
    WorkStack stack;
    std::optional<int> taken;
    RunTogether([&] { stack.Push(1); }, [&] { stack.Push(2); }, [&] { taken = stack.TakeNext(); });
    std::multiset<int> pages;
    if (taken) pages.insert(*taken);
    for (int i = 0; i < 3; ++i) {
      if (const auto left = stack.TakeNext()) pages.insert(*left);
    }
    EXPECT_EQ(pages, (std::multiset<int>{1, 2}));
  });
}

TEST(WorkStack, CountsNoMorePagesThanBeforeWithoutANewOne) {
  Interleavings([] {
    WorkStack stack;
    stack.Push(1);
    std::size_t before = 0;
    std::size_t after = 0;
    RunTogether([&] { stack.TakeNext(); },
                [&] {
                  stack.Push(2);
                  before = stack.Size();
                  after = stack.Size();
                });
    EXPECT_GE(before, after);
    EXPECT_TRUE(before == 1 || before == 2) << before;
  });
}

TEST(WorkStack, GivesItsMemoryBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              WorkStack stack;
              for (const int page : {1, 2, 3}) stack.Push(page);
              stack.TakeNext();
            }),
            0);
}

}  // namespace
}  // namespace racelab
