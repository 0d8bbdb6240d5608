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
// The scenario creates new objects each time. It is short (two or three threads, a handful of operations each) and
// self-contained: no globals, no sleeping, no clock, no unbounded spinning. Assertions stay on the calling thread.
//
// ThreadSanitizer judges only what a run happened to do, so the scenario is repeated. The first repetitions run the
// threads of RunTogether() one after the other, in each order, without a happens-before edge between them:
// unsynchronised accesses are then reported regardless of the operating system's scheduling. The other repetitions
// start the threads at the same time.
void Interleavings(absl::FunctionRef<void()> scenario);

// The repetition that is running, from 0; 0 outside of Interleavings().
int CurrentRepetition();

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_INTERLEAVINGS_H_
