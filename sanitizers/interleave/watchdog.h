#ifndef RACELAB_SANITIZERS_INTERLEAVE_WATCHDOG_H_
#define RACELAB_SANITIZERS_INTERLEAVE_WATCHDOG_H_

#include <cstdint>

namespace racelab::interleave {

// From now on, an execution fails if a thread makes no step for seconds: it loops, or sleeps in a system call that this
// runtime does not know.
void WatchExecutions();
void StopWatchingExecutions();

// Until StopWatchingIdleness(), the program may run for `seconds`; then the process ends with exit code 71 and a line
// that says where the program was. For tests that hang outside of explorations.
void WatchIdleness(std::uint64_t seconds);
void StopWatchingIdleness();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_WATCHDOG_H_
