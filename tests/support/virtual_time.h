#ifndef RACELAB_TESTS_SUPPORT_VIRTUAL_TIME_H_
#define RACELAB_TESTS_SUPPORT_VIRTUAL_TIME_H_

#include "absl/functional/function_ref.h"

namespace racelab {

// Like Interleavings(), in punctual virtual time: computing takes no time, a sleep ends when its time has come and no
// thread can go on otherwise, and nobody wakes from a condition variable without cause. std::chrono::steady_clock then
// shows how long the scenario has slept, as on a machine with a processor for every thread: how much waiting overlaps
// can be tested to the nanosecond.
//
// Time is virtual only under the second runtime; under ThreadSanitizer, the test is skipped.
void InterleavingsInVirtualTime(absl::FunctionRef<void()> scenario);

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_VIRTUAL_TIME_H_
