#ifndef RACELAB_SANITIZERS_INTERLEAVE_FAULT_H_
#define RACELAB_SANITIZERS_INTERLEAVE_FAULT_H_

namespace racelab::interleave {

// From now on a crash of the program is a failure of its execution, and so is a thread that does nothing visible for
// seconds: it loops, or sleeps in a system call that this runtime does not know.
void CatchFaults();
void StopCatchingFaults();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_FAULT_H_
