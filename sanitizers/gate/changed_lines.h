#ifndef RACELAB_SANITIZERS_GATE_CHANGED_LINES_H_
#define RACELAB_SANITIZERS_GATE_CHANGED_LINES_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace racelab {

// The lines that differ from those of a revision.
class ChangedLines {
 public:
  // Asks git about the working tree in `root`.
  static absl::StatusOr<ChangedLines> Since(const std::string& revision, const std::string& root);

  // Reads the output of `git diff --unified=0 --relative`.
  static ChangedLines Parse(std::string_view diff);

  bool Contains(const std::string& file, int line) const;

 private:
  std::map<std::string, std::vector<std::pair<int, int>>> ranges_;  // first and last line, of each file
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_CHANGED_LINES_H_
