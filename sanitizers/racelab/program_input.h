#ifndef RACELAB_SANITIZERS_RACELAB_PROGRAM_INPUT_H_
#define RACELAB_SANITIZERS_RACELAB_PROGRAM_INPUT_H_

#include <string>

namespace racelab {

// Copies standard input, for programs that several processes run at the same time. Returns the path of the copy, which
// exists until this process ends. Empty if standard input is a terminal or provides no data.
std::string CopyOfInput();

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_PROGRAM_INPUT_H_
