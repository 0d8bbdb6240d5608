#include <frame_pool.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/choose.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

// Borrows all remaining frames, and adds them to those that are `held`. At most a few, because a broken pool may never
// run out.
std::multiset<int> WithTheRest(FramePool& pool, std::multiset<int> held) {
  for (int i = 0; i < 8; ++i) {
    if (const auto frame = pool.Borrow()) held.insert(*frame);
  }
  return held;
}

TEST(FramePool, LendsEveryFrameOnce) {
  FramePool pool(3);
  EXPECT_EQ(WithTheRest(pool, {}), (std::multiset<int>{0, 1, 2}));
  EXPECT_EQ(pool.Borrow(), std::nullopt);
}

TEST(FramePool, LendsWhatIsFreeOnOneThread) {
  constexpr int kFrames = 4;
  enum { kBorrow, kReturn };
  // The value of "Return" selects a held frame by its place, modulo their number.
  ForRandomSteps({{"Borrow"}, {"Return", {0, kFrames}}}, 50, [&](Steps& steps) {
    FramePool pool(kFrames);
    std::vector<int> held;
    for (const Step& step : steps) {
      if (step.what == kReturn) {
        if (held.empty()) continue;
        const auto returned = held.begin() + step.value % held.size();
        pool.Return(*returned);
        held.erase(returned);
      } else if (const auto frame = pool.Borrow()) {
        steps.Check(*frame >= 0 && *frame < kFrames, "lends frame " + std::to_string(*frame) + ", which is not there");
        held.push_back(*frame);
      } else {
        steps.Shows("lent", held.size(), kFrames);
      }
      steps.Check(std::set<int>(held.begin(), held.end()).size() == held.size(), "lends a frame twice");
    }
  });
}

TEST(FramePool, LendsTwoFramesToTwo) {
  Interleavings([] {
    FramePool pool(2);
    std::optional<int> one;
    std::optional<int> other;
    RunTogether([&] { one = pool.Borrow(); }, [&] { other = pool.Borrow(); });
    EXPECT_EQ((std::multiset{one, other}), (std::multiset<std::optional<int>>{0, 1}));
    EXPECT_EQ(pool.Borrow(), std::nullopt);
  });
}

TEST(FramePool, KeepsFramesThatAreReturnedTogether) {
  Interleavings([] {
    FramePool pool(2);
    const int first = pool.Borrow().value_or(-1);
    const int second = pool.Borrow().value_or(-1);
    RunTogether([&] { pool.Return(first); }, [&] { pool.Return(second); });
    EXPECT_EQ(WithTheRest(pool, {}), (std::multiset<int>{0, 1}));
  });
}

TEST(FramePool, LendsNoFrameTwiceWhileOthersComeBack) {
  Interleavings([] {
    FramePool pool(2);
    std::optional<int> one;
    std::optional<int> other;
    RunTogether([&] { one = pool.Borrow(); },
                [&] {
                  const auto briefly = pool.Borrow();
                  other = pool.Borrow();
                  if (briefly) pool.Return(*briefly);
                });
    std::multiset<int> held;
    if (one) held.insert(*one);
    if (other) held.insert(*other);
    EXPECT_EQ(WithTheRest(pool, held), (std::multiset<int>{0, 1}));
  });
}

// Four changes bring the first free frame back, with another one behind it. A count of changes that repeats itself
// after two or four, or when the list was empty, notices nothing.
TEST(FramePool, LendsNoFrameTwiceAfterFourChanges) {
  Interleavings([] {
    FramePool pool(3);
    const int first = pool.Borrow().value_or(-1);
    const int second = pool.Borrow().value_or(-1);
    const int third = pool.Borrow().value_or(-1);
    pool.Return(second);
    pool.Return(first);
    std::optional<int> one;
    std::optional<int> other;
    RunTogether([&] { one = pool.Borrow(); },
                [&] {
                  const auto briefly = pool.Borrow();
                  other = pool.Borrow();
                  pool.Return(third);
                  if (briefly) pool.Return(*briefly);
                });
    std::multiset<int> held;
    if (one) held.insert(*one);
    if (other) held.insert(*other);
    EXPECT_EQ(WithTheRest(pool, held), (std::multiset<int>{0, 1, 2}));
  });
}

TEST(FramePool, HandsAFrameOverWithWhatIsInIt) {
  Interleavings([] {
    FramePool pool(1);
    int pictures_in_the_frame = 0;
    const auto record = [&] {
      if (const auto frame = pool.Borrow()) {
        ++pictures_in_the_frame;
        pool.Return(*frame);
      }
    };
    RunTogether(record, record);
    EXPECT_GE(pictures_in_the_frame, 1);  // The second thread may have found the pool empty.
  });
}

TEST(FramePool, LendsAsManyFramesAsItHas) {
  constexpr int kFrames = 300;
  FramePool pool(kFrames);
  std::set<int> lent;
  for (int i = 0; i < kFrames; ++i) {
    const auto frame = pool.Borrow();
    ASSERT_TRUE(frame.has_value()) << "after " << i << " of " << kFrames << " frames";
    EXPECT_TRUE(*frame >= 0 && *frame < kFrames) << *frame;
    EXPECT_TRUE(lent.insert(*frame).second) << "lends frame " << *frame << " twice";
  }
  EXPECT_EQ(pool.Borrow(), std::nullopt);
}

TEST(FramePool, LendsNoFrameButTheOneThatComesBack) {
  Interleavings([] {
    FramePool pool(2);
    const int one = pool.Borrow().value_or(-1);
    const int other = pool.Borrow().value_or(-1);
    const bool first = Choose(2) == 0;
    std::optional<int> lent;
    RunTogether([&] { pool.Return(first ? one : other); }, [&] { lent = pool.Borrow(); });
    EXPECT_NE(lent, first ? other : one) << "lends a frame twice";
  });
}

TEST(FramePool, LendsAFrameIfOneIsFreeAllTheTime) {
  Interleavings([] {
    FramePool pool(2);
    const int first = pool.Borrow().value_or(-1);
    const int second = pool.Borrow().value_or(-1);
    HandShake free;
    std::optional<int> lent;
    std::optional<int> again;
    RunSimultaneously(
        [&] {
          pool.Return(second);
          free.Signal();
          pool.Return(first);
          again = pool.Borrow();
        },
        [&] {
          free.Await();  // From now on, there is one for each of the two.
          lent = pool.Borrow();
        });
    EXPECT_TRUE(lent.has_value());
    EXPECT_TRUE(again.has_value());
    EXPECT_NE(lent, again);
  });
}

TEST(FramePool, HandsAFrameOverThoughAnotherIsFree) {
  Interleavings([] {
    FramePool pool(2);
    int pictures[2] = {};
    const int mine = pool.Borrow().value_or(0);
    std::optional<int> lent;
    RunTogether(
        [&] {
          ++pictures[mine];
          pool.Return(mine);
        },
        [&] {
          lent = pool.Borrow();
          if (lent) ++pictures[*lent];
        });
    EXPECT_TRUE(lent.has_value());
    EXPECT_EQ(pictures[0] + pictures[1], 2);
  });
}

TEST(FramePool, GivesItsMemoryBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              FramePool pool(3);
              const int frame = pool.Borrow().value_or(0);
              pool.Borrow();
              pool.Return(frame);
            }),
            0);
}

}  // namespace
}  // namespace racelab
