#ifndef RACELAB_SANITIZERS_RACELAB_SCHEDULE_TEXT_H_
#define RACELAB_SANITIZERS_RACELAB_SCHEDULE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace racelab {

// A schedule in a form that people can copy. The runtime's schedule has one character for each step, and perhaps names
// of memory and a colon before them: "m0.4068:0112a". The printed form shows repetitions once: "{4000x01}" is 4,000
// times "01". All common shells leave such braces as they are.
std::string CompactSchedule(std::string_view schedule);

// The runtime's schedule for a printed one, or for one in a file, given as "@./PATH" with at least one slash.
// InvalidArgument if `text` is neither.
absl::StatusOr<std::string> ExpandSchedule(std::string_view text);

// The argument for --replay: the printed form of `schedule` or, if that is longer than a few lines, "@" and the path of
// a file that contains it. If no file can be written, the printed form.
std::string ScheduleArgument(std::string_view schedule);

// `word`, quoted for a shell.
std::string Quoted(const std::string& word);

// A command line to paste into a shell, split into lines of at most `columns` columns; each line but the last ends in a
// backslash. The first line begins with `indent` blanks, and so does each line that begins with a word. The rest of a
// long word begins at the margin, because the shell joins it to the line before.
std::string ShellLines(const std::vector<std::string>& words, size_t columns, size_t indent);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_SCHEDULE_TEXT_H_
