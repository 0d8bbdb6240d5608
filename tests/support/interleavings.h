#ifndef RACELAB_TESTS_SUPPORT_INTERLEAVINGS_H_
#define RACELAB_TESTS_SUPPORT_INTERLEAVINGS_H_

#include "absl/functional/function_ref.h"

namespace racelab {

// Runs `scenario` in many interleavings of its threads, and stops at the first in which an expectation fails.
//
//   TEST(HitCounter, KeepsBothOfTwoSimultaneousHits) {
//     Interleavings([] {
//       HitCounter counter;
//       RunTogether([&] { counter.Record(); }, [&] { counter.Record(); });
//       EXPECT_EQ(counter.Total(), 2);
//     });
//   }
//
// The scenario makes all of its objects anew; it is short (two or three threads, a handful of operations each) and its
// own: no globals, no sleeping, no clock, no unbounded spinning. Assertions stay on the calling thread.
//
// ThreadSanitizer judges only what a run happened to do, so the scenario is repeated. The first repetitions run the
// threads of RunTogether() one after the other, in each order, without a happens-before edge between them: what is
// unsynchronised is then reported whatever the operating system does. The rest start them at one instant.
void Interleavings(absl::FunctionRef<void()> scenario);

// The repetition that is running, from 0; 0 outside of Interleavings().
int CurrentRepetition();

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_INTERLEAVINGS_H_
