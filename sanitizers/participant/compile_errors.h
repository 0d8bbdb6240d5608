#ifndef RACELAB_SANITIZERS_PARTICIPANT_COMPILE_ERRORS_H_
#define RACELAB_SANITIZERS_PARTICIPANT_COMPILE_ERRORS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace racelab {

// One of the compiler's errors.
struct CompileError {
  std::string file;  // of the project, if any of its lines has led to the error
  int line = 0;
  std::string text;
  std::vector<std::string> source;  // the line, and what the compiler draws below it
};

// The errors in the compiler's output.
std::vector<CompileError> CompileErrors(std::string_view output);

// The errors in at most `room` lines. Of the library's headers nothing is shown: they help nobody.
std::string CompileErrorsText(std::string_view output, size_t room, int columns);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_COMPILE_ERRORS_H_
