// Vector clocks, and the log that undoes assignments.

#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "sanitizers/interleave/undo_log.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {
namespace {

using Times = std::vector<std::int32_t>;

// The times of all slots in use.
Times TimesOf(const VectorClock& clock) { return Times(clock.at, clock.at + VectorClock::slots()); }

VectorClock ClockOf(const Times& times) {
  VectorClock clock;
  for (std::size_t i = 0; i < times.size(); ++i) clock.at[i] = times[i];
  return clock;
}

Times AnyTimes() {
  return *rc::gen::container<Times>(static_cast<std::size_t>(VectorClock::slots()), rc::gen::inRange(0, 100));
}

class VectorClockTest : public testing::Test {
 protected:
  ~VectorClockTest() override { VectorClock::quads = quads_; }

 private:
  const int quads_ = VectorClock::quads;
};

RC_GTEST_FIXTURE_PROP(VectorClockTest, JoinsSlotBySlot, ()) {
  VectorClock::quads = *rc::gen::element(1, 2, 4, 16);
  const Times a = AnyTimes(), b = AnyTimes();
  VectorClock clock = ClockOf(a);
  clock.Join(ClockOf(b));
  for (int slot = 0; slot < VectorClock::slots(); ++slot) {
    RC_ASSERT(clock.at[slot] == std::max(a[slot], b[slot]));
    RC_ASSERT(clock.Covers(slot, a[slot]));
    RC_ASSERT(!clock.Covers(slot, clock.at[slot] + 1));
  }
  VectorClock again = clock;
  again.Join(ClockOf(a));
  RC_ASSERT(TimesOf(again) == TimesOf(clock));
}

TEST_F(VectorClockTest, HasMoreSlotsOnceItIsWidened) {
  const int before = VectorClock::slots();
  while (VectorClock::slots() < kMaxThreads) VectorClock::Widen();
  EXPECT_GT(VectorClock::slots(), before);
  VectorClock clock;
  EXPECT_EQ(TimesOf(clock), Times(kMaxThreads, 0));
  VectorClock other;
  other.at[kMaxThreads - 1] = 7;
  clock.Join(other);
  EXPECT_TRUE(clock.Covers(kMaxThreads - 1, 7));
  const VectorClock copy = clock;
  EXPECT_EQ(copy.at[kMaxThreads - 1], 7);
}

RC_GTEST_PROP(UndoLogTest, GivesBackTheLatestFirst, (const std::vector<int>& commands)) {
  UndoLog<int> log;
  log.Begin();
  std::vector<int> expected;
  for (const int command : commands) {
    if (command % 3 == 0 && !expected.empty()) {
      RC_ASSERT(log.Pop() == expected.back());
      expected.pop_back();
    } else {
      log.Push(command);
      expected.push_back(command);
    }
    RC_ASSERT(log.size() == expected.size());
  }
}

TEST(UndoLogTest, ForgetsAllWhenItIsTooLong) {
  UndoLog<int> log;
  log.Begin();
  for (std::size_t i = 0; i < UndoLog<int>::kMost; ++i) log.Push(1);
  EXPECT_TRUE(log.saves());
  EXPECT_EQ(log.size(), UndoLog<int>::kMost);
  log.Push(2);
  EXPECT_FALSE(log.saves());
  EXPECT_EQ(log.size(), 0);
  log.Push(3);
  EXPECT_EQ(log.size(), 0) << "until it begins anew";
  log.Begin();
  EXPECT_TRUE(log.saves());
  log.Push(4);
  EXPECT_EQ(log.Pop(), 4);
}

}  // namespace
}  // namespace racelab::interleave
