#ifndef RACELAB_SANITIZERS_INTERLEAVE_OUTPUT_H_
#define RACELAB_SANITIZERS_INTERLEAVE_OUTPUT_H_

namespace racelab::interleave {

// Discards the program's output until ReleaseOutput(); otherwise it would be printed once for each execution. Say()
// still prints.
void HoldBackOutput();
void ReleaseOutput();

// The descriptor of the real standard error.
int ErrorDescriptor();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_OUTPUT_H_
