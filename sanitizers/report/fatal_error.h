#ifndef RACELAB_SANITIZERS_REPORT_FATAL_ERROR_H_
#define RACELAB_SANITIZERS_REPORT_FATAL_ERROR_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "sanitizers/report/report.h"
#include "sanitizers/report/report_builder.h"

namespace racelab {

// Parses the first line of a message that ThreadSanitizer ends the program, such as "==12==ERROR: ThreadSanitizer: SEGV
// on unknown address 0x000000000000 (pc 0x55 bp 0x7f sp 0x7f T12)". The program's output may precede it on the line.
// nullopt for any other line.
std::optional<FatalError> ParseFatalLine(std::string_view line);

// Collects what ThreadSanitizer says about a fatal error, from its first line on.
class FatalErrorBuilder {
 public:
  explicit FatalErrorBuilder(FatalError error) : error_(std::move(error)) {}

  // Whether this was the last line.
  bool Add(std::string_view line);

  // How many frames it has.
  size_t stack_size() const { return stacks_.stacks().empty() ? 0 : stacks_.stacks().back().frames.size(); }
  FatalError Take();

 private:
  FatalError error_;
  StackBuilder stacks_;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_FATAL_ERROR_H_
