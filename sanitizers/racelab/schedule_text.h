#ifndef RACELAB_SANITIZERS_RACELAB_SCHEDULE_TEXT_H_
#define RACELAB_SANITIZERS_RACELAB_SCHEDULE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace racelab {

// A schedule as people copy it. The runtime's is a character a step, perhaps with names of memory and a colon before
// them: "m0.4068:0112a". Printed, what repeats stands once: "{4000x01}" is 4,000 times "01". No shell that is common
// reads such braces as anything but themselves.
std::string CompactSchedule(std::string_view schedule);

// The runtime's schedule, of a printed one, or of one in a file: "@./PATH", with a slash at least. InvalidArgument if
// it is none.
absl::StatusOr<std::string> ExpandSchedule(std::string_view text);

// How `schedule` is to be given to --replay: as it is printed; if that is longer than a few lines, "@" and the path of
// a file that it has been written to. Where none can be written, in full.
std::string ScheduleArgument(std::string_view schedule);

// `word` as a shell reads it.
std::string Quoted(const std::string& word);

// A command line in lines of at most `columns` columns, to be pasted into a shell: each but the last ends in a
// backslash. The first is led by `indent` blanks, and so are those that begin with a word; what goes on with a long
// word begins at the margin, for the shell reads on there.
std::string ShellLines(const std::vector<std::string>& words, size_t columns, size_t indent);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_SCHEDULE_TEXT_H_
