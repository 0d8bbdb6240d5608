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

// Changes that are reviewed in sequence: first all of them, then, with a prompt, those whose fault was missed.
struct Round {
  std::string begun;  // see Now(); identifies the round
  std::string ended;  // empty: not yet
  std::string deck;
  std::uint64_t seed = 0;
  std::vector<std::string> changes;   // Card::Id(), in the order in which they are shown
  std::vector<GradedAnswer> answers;  // in the order in which they were given

  // The change to review next, and whether the reviewer is prompted; nullopt if the round is over.
  struct Next {
    std::string change;
    bool is_prompted;
    int number, of;  // "change 3 of 8"
  };
  std::optional<Next> NextChange() const;
};

// The rounds in a record, the oldest first. Unreadable rounds are left out: a newer version may have written them.
std::vector<Round> RoundsIn(const Record& record);

// Writes the round into the participant's record, replacing the round that began at the same time.
absl::Status SaveRound(const Project& project, const Round& round);

nlohmann::ordered_json ToJson(const Round& round);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_ROUND_H_
