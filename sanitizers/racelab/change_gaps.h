#ifndef RACELAB_SANITIZERS_RACELAB_CHANGE_GAPS_H_
#define RACELAB_SANITIZERS_RACELAB_CHANGE_GAPS_H_

#include <string>
#include <vector>

#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// What is missing in a lab's changes for review, or contradicts their headers: "file: what, and what to do".
std::vector<std::string> GapsOfChanges(const Project& project, const Lab& lab);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_CHANGE_GAPS_H_
