#ifndef RACELAB_SANITIZERS_RACELAB_SCOREBOARD_H_
#define RACELAB_SANITIZERS_RACELAB_SCOREBOARD_H_

#include <string>
#include <string_view>
#include <vector>

#include "nlohmann/json.hpp"
#include "sanitizers/racelab/verification.h"

namespace racelab {

// The table that `racelab verify` prints, within 80 columns: a row for each lab, a column for each idiom; below each
// lab its reports, and a line for each wrong verdict. The table grows as verifications finish.
class Scoreboard {
 public:
  explicit Scoreboard(const std::vector<Verification>& verifications);

  // The rows that can be printed next: those of finished labs whose predecessors are all finished, each track's below
  // its heading; empty if there are none.
  std::string NextRows();

 private:
  const std::vector<Verification>& verifications_;
  size_t next_ = 0;
  int name_width_ = 0;
  std::vector<std::string_view> columns_;
  std::string_view track_;
};

// The closing line: "verified: 7 labs, 28 variants, 0 failed".
std::string ClosingLine(const std::vector<Verification>& verifications);

// The scoreboard as JSON, with each report in full.
nlohmann::ordered_json ScoreboardJson(const std::vector<Verification>& verifications);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_SCOREBOARD_H_
