#ifndef RACELAB_SANITIZERS_PARTICIPANT_PAGER_H_
#define RACELAB_SANITIZERS_PARTICIPANT_PAGER_H_

#include <string>

namespace racelab {

// Prints a text; one that is longer than the terminal is shown by $PAGER (by default, less). Returns whether the pager
// showed it.
bool PrintPaged(const std::string& text);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_PAGER_H_
