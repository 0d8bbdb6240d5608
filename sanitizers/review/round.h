#ifndef RACELAB_SANITIZERS_REVIEW_ROUND_H_
#define RACELAB_SANITIZERS_REVIEW_ROUND_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "nlohmann/json.hpp"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/record.h"
#include "sanitizers/review/answer.h"
#include "sanitizers/review/deck.h"

namespace racelab {

// Changes that are reviewed one after the other: first all of them, then those whose fault was missed, prompted.
struct Round {
  std::string begun;  // see Now(); tells rounds apart
  std::string ended;  // empty: not yet
  std::string deck;
  std::uint64_t seed = 0;
  std::vector<std::string> changes;   // Card::Id(), in the order in which they are shown
  std::vector<GradedAnswer> answers;  // in the order in which they were given

  // The change to review next, and whether prompted; nullopt if the round is over.
  struct Next {
    std::string change;
    bool is_prompted;
    int number, of;  // "change 3 of 8"
  };
  std::optional<Next> NextChange() const;
};

// The rounds in a record, the oldest first. What cannot be read is left out: a newer version may have written it.
std::vector<Round> RoundsIn(const Record& record);

// Writes the round into the participant's record, in place of the one that was begun at the same time.
absl::Status SaveRound(const Project& project, const Round& round);

nlohmann::ordered_json ToJson(const Round& round);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_ROUND_H_
