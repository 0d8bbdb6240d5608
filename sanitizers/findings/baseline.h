#ifndef RACELAB_SANITIZERS_FINDINGS_BASELINE_H_
#define RACELAB_SANITIZERS_FINDINGS_BASELINE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/findings/finding.h"

namespace racelab {

// The findings that a project knows and lives with for now: from their fingerprints to what they say.
using Baseline = std::map<std::string, std::string>;

// Reads {"schema": 1, "known": [{"fingerprint", "message"}, …]}.
absl::StatusOr<Baseline> ParseBaseline(const std::string& text);

// The text of a baseline that knows all of `findings`, except those that are always wrong (IsAlwaysWrong()): nobody
// knows what a lost report would have said, or what a program would have done after a crash.
std::string BaselineText(const std::vector<Finding>& findings);

// Removes the findings that the baseline knows, and returns how many; `fixed` gets the messages of those that were not
// found again, each with its fingerprint.
size_t RemoveKnown(const Baseline& baseline, std::vector<Finding>& findings, std::vector<std::string>& fixed);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FINDINGS_BASELINE_H_
