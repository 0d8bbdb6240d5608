#ifndef RACELAB_SANITIZERS_FINDINGS_BASELINE_H_
#define RACELAB_SANITIZERS_FINDINGS_BASELINE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/findings/finding.h"

namespace racelab {

// The findings that a project accepts for now: maps each fingerprint to its message.
using Baseline = std::map<std::string, std::string>;

// Reads {"schema": 1, "known": [{"fingerprint", "message"}, …]}.
absl::StatusOr<Baseline> ParseBaseline(const std::string& text);

// Returns the text of a baseline with all of `findings` except those for which IsAlwaysWrong() holds: the content of a
// lost report, and what a program would have done after a crash, are unknown.
std::string BaselineText(const std::vector<Finding>& findings);

// Removes the findings that the baseline contains and returns their number. Fills `fixed` with the messages and
// fingerprints of baseline entries that were not found again.
size_t RemoveKnown(const Baseline& baseline, std::vector<Finding>& findings, std::vector<std::string>& fixed);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FINDINGS_BASELINE_H_
