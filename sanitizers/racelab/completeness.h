#ifndef RACELAB_SANITIZERS_RACELAB_COMPLETENESS_H_
#define RACELAB_SANITIZERS_RACELAB_COMPLETENESS_H_

#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/track.h"

namespace racelab {

// What is missing in a lab's folders before it is finished, each as "file: what is wrong; what to do". Looks at files
// only.
std::vector<std::string> Gaps(const Project& project, const Lab& lab);

// What two labs, or two tracks, cannot have in common: the name, and the place among the tracks. And what is missing in
// a track.toml.
std::vector<std::string> GapsBetween(const Project& project, const std::vector<Lab>& labs,
                                     const std::vector<Track>& tracks);

// Folders below solutions/ and tests/ that belong to no lab.
std::vector<std::string> Strays(const Project& project, const std::vector<Lab>& labs);

// The command and the output that a lab's README.md opens with.
struct Opening {
  std::string title;
  std::string command;  // "racelab run lost_update"
  std::string output;   // As far as the end of the block.
};

// Reads "# title", blank lines, "```console", "$ command", the output, "```". Members that are not there stay empty.
Opening ReadOpening(std::string_view readme);

// Whether two outputs of a program are equal but for what matches one of the regular expressions, wherever it stands.
bool EqualButFor(const std::vector<std::string>& varies, const std::string& shown, const std::string& printed);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_COMPLETENESS_H_
