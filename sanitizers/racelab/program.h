#ifndef RACELAB_SANITIZERS_RACELAB_PROGRAM_H_
#define RACELAB_SANITIZERS_RACELAB_PROGRAM_H_

#include <functional>
#include <string>
#include <string_view>

#include "sanitizers/process/child.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// The build target for the program of a variant (its main.cc), without a sanitizer.
std::string ProgramTarget(const Lab& lab, std::string_view variant);

// Runs this program, which must have been built, within limits; passes on its output as it arrives.
ChildResult RunProgram(const Project& project, const Lab& lab, std::string_view variant,
                       std::function<void(std::string_view)> on_output = nullptr);

// The text that `racelab run` prints after the program's own output: nothing if the program ended by itself; otherwise
// what ended it, and which thread waited for which.
std::string EndOfProgram(const ChildResult& result);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_PROGRAM_H_
