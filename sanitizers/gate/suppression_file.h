#ifndef RACELAB_SANITIZERS_GATE_SUPPRESSION_FILE_H_
#define RACELAB_SANITIZERS_GATE_SUPPRESSION_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// An entry of a suppression file, such as "race:Bank::Total":
// https://github.com/google/sanitizers/wiki/ThreadSanitizerSuppressions
struct Suppression {
  int line = 0;         // in the file, from 1
  std::string type;     // "race", "race_top", "thread", "mutex", "deadlock", "signal", "called_from_lib"
  std::string pattern;  // as written: "*" matches any text, "^" and "$" the ends
  std::string problem;  // why it can never match; empty if it can
};

std::vector<Suppression> ParseSuppressions(std::string_view text);

// Whether the pattern occurs in the text, as ThreadSanitizer matches it.
bool MatchesPattern(std::string_view pattern, std::string_view text);

// Whether the entry would hide this report.
bool Hides(const Suppression& suppression, const Report& report);

// Why the pattern is likely to hide more than one race; empty if it is specific.
std::string WhyTooBroad(const Suppression& suppression);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_SUPPRESSION_FILE_H_
