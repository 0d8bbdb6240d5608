#ifndef RACELAB_SANITIZERS_INTERLEAVE_FAULT_H_
#define RACELAB_SANITIZERS_INTERLEAVE_FAULT_H_

namespace racelab::interleave {

// From now on, a crash of the program is a failure of its execution, unless the program has a handler for it.
void CatchFaults();
void StopCatchingFaults();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_FAULT_H_
