#ifndef RACELAB_TESTS_SUPPORT_VIRTUAL_TIME_H_
#define RACELAB_TESTS_SUPPORT_VIRTUAL_TIME_H_

#include "absl/functional/function_ref.h"

namespace racelab {

// As Interleavings(), in virtual time that is punctual: computing takes none, and a sleep ends when its time has come
// and no thread can go on otherwise. What std::chrono::steady_clock shows has passed is then what the scenario slept,
// as on a machine with a processor for every thread: how much of its waiting a program does at once can be expected to
// the nanosecond.
//
// Time is virtual under the second runtime alone; under ThreadSanitizer the test is skipped.
void InterleavingsInVirtualTime(absl::FunctionRef<void()> scenario);

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_VIRTUAL_TIME_H_
