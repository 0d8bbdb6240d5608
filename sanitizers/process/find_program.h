#ifndef RACELAB_SANITIZERS_PROCESS_FIND_PROGRAM_H_
#define RACELAB_SANITIZERS_PROCESS_FIND_PROGRAM_H_

#include <string>

namespace racelab {

// The path of the program `name` in PATH, where an empty folder means the current one, as for execvp(3); empty if there
// is none.
std::string FindProgram(const std::string& name);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_FIND_PROGRAM_H_
