#ifndef RACELAB_SANITIZERS_RACELAB_LINE_DIFF_H_
#define RACELAB_SANITIZERS_RACELAB_LINE_DIFF_H_

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace racelab {

// A line of one or both of two files.
struct DiffLine {
  char kind = ' ';  // ' ' in both, '-' in the first only, '+' in the second only
  int before = 0;   // its number in the first file, from 1; 0 if it is not there
  int after = 0;    // its number in the second
  std::string text;
};

// All lines of both files, in order, as `diff` finds them. Internal if `diff` cannot be run or cannot read a file.
absl::StatusOr<std::vector<DiffLine>> DiffLines(const std::filesystem::path& before,
                                                const std::filesystem::path& after);

// How many lines differ.
int ChangedLines(const std::vector<DiffLine>& diff);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_LINE_DIFF_H_
