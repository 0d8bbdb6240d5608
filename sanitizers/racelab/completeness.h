#ifndef RACELAB_SANITIZERS_RACELAB_COMPLETENESS_H_
#define RACELAB_SANITIZERS_RACELAB_COMPLETENESS_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/track.h"

namespace racelab {

// Everything that is missing from a lab's folders, each gap as "file: what is wrong; what to do". Looks only at files.
std::vector<std::string> Gaps(const Project& project, const Lab& lab);

// Returns conflicts (labs with the same name, tracks with the same place in the order), and everything that is missing
// from a track.toml.
std::vector<std::string> GapsBetween(const Project& project, const std::vector<Lab>& labs,
                                     const std::vector<Track>& tracks);

// The name of a header's include guard; empty if it has none.
std::string IncludeGuard(const std::filesystem::path& header);

// Folders below solutions/ and tests/ that belong to no lab.
std::vector<std::string> Strays(const Project& project, const std::vector<Lab>& labs);

// The command and the output at the beginning of a lab's README.md.
struct Opening {
  std::string title;
  std::string command;  // "racelab run lost_update"
  std::string output;   // up to the end of the block
};

// Reads "# title", blank lines, "```console", "$ command", the output, "```". Members for missing parts stay empty.
Opening ReadOpening(std::string_view readme);

// Whether two outputs of a program are equal, ignoring text that matches one of the regular expressions, and the number
// of spaces between words: a column of numbers that vary is padded according to their digits.
bool EqualButFor(const std::vector<std::string>& varies, const std::string& shown, const std::string& printed);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_COMPLETENESS_H_
