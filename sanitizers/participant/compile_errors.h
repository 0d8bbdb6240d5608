#ifndef RACELAB_SANITIZERS_PARTICIPANT_COMPILE_ERRORS_H_
#define RACELAB_SANITIZERS_PARTICIPANT_COMPILE_ERRORS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace racelab {

// One of the compiler's errors.
struct CompileError {
  std::string file;  // in the project, if any of its lines led to the error
  int line = 0;
  std::string text;
  std::vector<std::string> source;  // the line, and the compiler's marks below it
};

// The errors in the compiler's output.
std::vector<CompileError> CompileErrors(std::string_view output);

// The errors in at most `room` lines, without lines from library headers, which do not help participants.
std::string CompileErrorsText(std::string_view output, size_t room, int columns);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_COMPILE_ERRORS_H_
