#include "tests/support/interleavings.h"

#include "gtest/gtest.h"

namespace racelab {
namespace {

// Enough for a meeting that one simultaneous start in five brings about to be missed once in 10^9 runs.
constexpr int kRepetitions = 100;

int current_repetition = 0;  // Written between repetitions only, while no other thread of the scenario exists.

}  // namespace

int CurrentRepetition() { return current_repetition; }

void Interleavings(absl::FunctionRef<void()> scenario) {
  for (int i = 0; i < kRepetitions && !testing::Test::HasFailure(); ++i) {
    current_repetition = i;
    SCOPED_TRACE(testing::Message() << "repetition " << i + 1 << " of " << kRepetitions);
    scenario();
  }
  current_repetition = 0;
}

}  // namespace racelab
