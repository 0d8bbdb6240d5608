// The minimiser, on programs that consist only of operations.

#include "sanitizers/interleave/minimise.h"

#include <vector>

#include "gtest/gtest.h"
#include "sanitizers/interleave/execution.h"
#include "tests/sanitizers/interleave/core/small_program.h"

namespace racelab::interleave {
namespace {

constexpr Act kRead = Act::kRead, kWrite = Act::kWrite;

// A program whose failure depends on its trace: on many changes of threads, or on a lost update.
struct Failing {
  SmallProgram program;
  bool (*fails)(const Ran& ran);
  int runs = 0;

  RunOne run() {
    return {[](void* self, Search& search) { static_cast<Failing*>(self)->RunHere(search); }, this};
  }
  void RunHere(Search& search) {
    ++runs;
    last = RunOnce(program, search);
    execution.failure.kind = fails(last) ? FailureKind::kExpectation : FailureKind::kNone;
  }
  // The first failure with more than `preemptions` preemptions that a random search finds.
  FoundFailure Find(int preemptions) {
    SearchOptions random;
    random.strategy = Strategy::kRandom;
    Search search;
    search.Begin(random);
    FoundFailure found;
    RunHere(search);
    while (!fails(last) || last.preemptions <= preemptions) {
      search.Advance();
      RunHere(search);
    }
    found.failure = execution.failure;
    found.schedule = search.Schedule();
    return found;
  }
  // Returns the remaining effort.
  Effort Minimise(FoundFailure& found, Effort effort = {1'000'000}) {
    interleave::Minimise(found, run(), effort);
    return effort;
  }
  void Replay(const FoundFailure& found) {
    SearchOptions replay;
    replay.strategy = Strategy::kReplay;
    replay.schedule = found.schedule;
    Search search;
    search.Begin(replay);
    RunHere(search);
  }

  Ran last = {};
};

int Changes(const Ran& ran) {
  int changes = 0;
  for (std::size_t i = 1; i < ran.schedule.size(); ++i) changes += ran.schedule[i] != ran.schedule[i - 1];
  return changes;
}

// It needs five preemptions.
Failing Relay() {
  return {{std::vector<Instruction>(12, {kWrite}), std::vector<Instruction>(12, {kWrite})},
          [](const Ran& ran) { return Changes(ran) >= 6; }};
}

TEST(MinimiseTest, FindsTheFewestPreemptionsThereAre) {
  // Each thread's second read finds a value that another thread has written since the first.
  Failing lost_update = {{{{kRead}, {kWrite}, {kRead}}, {{kRead}, {kWrite}, {kRead}}, {{kRead}, {kRead}}},
                         [](const Ran& ran) { return ran.outcome.substr(0, 2) == "0 " && Changes(ran) > 2; }};
  FoundFailure found = lost_update.Find(4);
  lost_update.Minimise(found);
  lost_update.Replay(found);
  EXPECT_TRUE(lost_update.fails(lost_update.last));
  EXPECT_EQ(lost_update.last.preemptions, 1);
}

TEST(MinimiseTest, ShrinksWhatNeedsMorePreemptionsThanAreTried) {
  Failing relay = Relay();
  FoundFailure found = relay.Find(10);
  relay.Minimise(found);
  relay.Replay(found);
  EXPECT_TRUE(relay.fails(relay.last));
  EXPECT_EQ(relay.last.preemptions, 5) << "the sixth change is to who is left";
}

TEST(MinimiseTest, KeepsWhatItCannotShrink) {
  Failing once = {{{{kRead}, {kWrite}}, {{kRead}, {kWrite}}}, [](const Ran&) { return true; }};
  FoundFailure found = once.Find(0);
  const Vector<std::uint8_t> before = found.schedule;
  once.fails = [](const Ran&) { return false; };  // It never fails again.
  once.Minimise(found);
  EXPECT_EQ(found.schedule, before);
}

TEST(MinimiseTest, TriesAsMuchAsItMay) {
  Failing relay = Relay();
  FoundFailure found = relay.Find(10);
  const int runs_before = relay.runs;
  EXPECT_TRUE(relay.Minimise(found, {240}).IsSpent());  // An execution has 24 steps.
  EXPECT_EQ(relay.runs - runs_before, 11) << "one more, to begin to shrink";
  relay.Replay(found);
  EXPECT_TRUE(relay.fails(relay.last));
}

TEST(SameFailureTest, RacesAreKnownByTheirPlacesOthersByWhatTheySay) {
  Failure a, b;
  a.kind = b.kind = FailureKind::kDataRace;
  EXPECT_TRUE(SameFailure(a, b));
  snprintf(a.message, sizeof a.message, "in another thread");
  EXPECT_TRUE(SameFailure(a, b));
  a.later.pc = &a;
  EXPECT_FALSE(SameFailure(a, b));
  a.kind = b.kind = FailureKind::kExpectation;
  EXPECT_FALSE(SameFailure(a, b));
  b = a;
  EXPECT_TRUE(SameFailure(a, b));
  b.kind = FailureKind::kAbort;
  EXPECT_FALSE(SameFailure(a, b));
  a.kind = FailureKind::kAbort;
  b.place = a.place + 1;
  EXPECT_FALSE(SameFailure(a, b)) << "two assertions at different lines";
}

}  // namespace
}  // namespace racelab::interleave
