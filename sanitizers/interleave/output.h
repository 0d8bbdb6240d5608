#ifndef RACELAB_SANITIZERS_INTERLEAVE_OUTPUT_H_
#define RACELAB_SANITIZERS_INTERLEAVE_OUTPUT_H_

namespace racelab::interleave {

// What the program prints during an exploration it would print once for each execution. It is thrown away until
// ReleaseOutput(); Say() is heard all the same.
void HoldBackOutput();
void ReleaseOutput();

// The descriptor of the real standard error.
int ErrorDescriptor();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_OUTPUT_H_
