#ifndef RACELAB_SANITIZERS_GATE_FINDING_SCREEN_H_
#define RACELAB_SANITIZERS_GATE_FINDING_SCREEN_H_

#include <string>

#include "sanitizers/findings/finding.h"

namespace racelab {

// Returns the finding as one screen of text: what happened, the parties side by side with their source lines, the usual
// cause, the repair, and the lab that teaches it.
std::string FindingScreen(const Finding& finding, const std::string& root);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_FINDING_SCREEN_H_
