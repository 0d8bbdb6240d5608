#ifndef RACELAB_SANITIZERS_RACELAB_PROGRAM_INPUT_H_
#define RACELAB_SANITIZERS_RACELAB_PROGRAM_INPUT_H_

#include <string>

namespace racelab {

// Copies standard input, for programs that several processes run at the same time. Returns the path of the copy, which
// exists as long as this process. Empty if standard input is a terminal, or if nothing comes from it.
std::string CopyOfInput();

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_PROGRAM_INPUT_H_
