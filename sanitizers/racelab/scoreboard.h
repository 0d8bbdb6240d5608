#ifndef RACELAB_SANITIZERS_RACELAB_SCOREBOARD_H_
#define RACELAB_SANITIZERS_RACELAB_SCOREBOARD_H_

#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "sanitizers/racelab/verification.h"

namespace racelab {

// The table that `racelab verify` prints, within 80 columns: a row a lab, a column an idiom; below each lab what was
// reported of it, and a line for each verdict that was wrong.
std::string Scoreboard(const std::vector<Verification>& verifications);

// Its closing line: "verified: 7 labs, 28 variants, 0 failed".
std::string ClosingLine(const std::vector<Verification>& verifications);

// The same as data, with each report in full.
nlohmann::ordered_json ScoreboardJson(const std::vector<Verification>& verifications);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_SCOREBOARD_H_
