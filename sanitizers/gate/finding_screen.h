#ifndef RACELAB_SANITIZERS_GATE_FINDING_SCREEN_H_
#define RACELAB_SANITIZERS_GATE_FINDING_SCREEN_H_

#include <string>

#include "sanitizers/findings/finding.h"

namespace racelab {

// The finding on one screen: what happened, the parties side by side with their lines of source, what usually causes
// it, what removes it, and which lab teaches it.
std::string FindingScreen(const Finding& finding, const std::string& root);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_FINDING_SCREEN_H_
