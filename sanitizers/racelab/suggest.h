#ifndef RACELAB_SANITIZERS_RACELAB_SUGGEST_H_
#define RACELAB_SANITIZERS_RACELAB_SUGGEST_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace racelab {

// The number of letters that must be inserted, removed, replaced, or swapped with their neighbour, to turn `a` into
// `b`: the optimal string alignment distance (Damerau 1964, without overlapping edits).
int EditDistance(std::string_view a, std::string_view b);

// The name that equals `typed`, or the only one that begins with it. Otherwise NotFound: "no <what> 'lost_updat'; did
// you mean lost_update?" or, if no name is similar, `otherwise`, by default all names.
absl::StatusOr<std::string> Complete(std::string_view what, std::string_view typed,
                                     const std::vector<std::string>& names, std::string_view otherwise = "");

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_SUGGEST_H_
