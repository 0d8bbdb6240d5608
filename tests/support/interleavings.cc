#include "tests/support/interleavings.h"

#include "gtest/gtest.h"
#include "tests/support/choose.h"
#include "tests/support/run_together.h"
#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

// The first few repetitions expose unsynchronised accesses. The others are enough for a meeting that occurs in one of
// three simultaneous starts: it is missed once in ten million runs.
constexpr int kRepetitions = 40;

int current_repetition = 0;  // Written only between repetitions, when the scenario has no other thread.

}  // namespace

int CurrentRepetition() { return current_repetition; }

void Interleavings(absl::FunctionRef<void()> scenario) {
  if (UnderSecondRuntime()) return ExploreInterleavings(scenario);
  const KeepThreads keep_threads;
  ForEveryChoice(kRepetitions, [&](int repetition) {
    current_repetition = repetition;
    SCOPED_TRACE(testing::Message() << "repetition " << repetition + 1);
    scenario();
    return !testing::Test::HasFailure();
  });
  current_repetition = 0;
}

}  // namespace racelab
