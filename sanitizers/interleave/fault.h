#ifndef RACELAB_SANITIZERS_INTERLEAVE_FAULT_H_
#define RACELAB_SANITIZERS_INTERLEAVE_FAULT_H_

#include <cstdint>

namespace racelab::interleave {

// From now on a crash of the program is a failure of its execution, and so is a thread that does nothing visible for
// seconds: it loops, or sleeps in a system call that this runtime does not know.
void CatchFaults();
void StopCatchingFaults();

// Until StopWatchingIdleness(), the program may run for so many seconds; then that is the end of it, with exit code 71
// and a line that says where it was. For tests that hang outside of explorations.
void WatchIdleness(std::uint64_t seconds);
void StopWatchingIdleness();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_FAULT_H_
