#include <frame_pool.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
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

}  // namespace
}  // namespace racelab
