#ifndef RACELAB_SANITIZERS_RACELAB_PROGRAM_INPUT_H_
#define RACELAB_SANITIZERS_RACELAB_PROGRAM_INPUT_H_

#include <string>

namespace racelab {

// What is on standard input, for programs that several processes run at the same time: the path of a copy of it, which
// lasts as long as this process. Empty if standard input is a terminal, or nothing comes from it.
std::string CopyOfInput();

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_PROGRAM_INPUT_H_
