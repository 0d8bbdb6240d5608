#ifndef RACELAB_SANITIZERS_PARTICIPANT_TOUR_H_
#define RACELAB_SANITIZERS_PARTICIPANT_TOUR_H_

#include <string>
#include <vector>

#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/track.h"

namespace racelab {

// The lab to do after `after`: the next one in teaching order that is not solved, otherwise the first that is not.
// Null if all are solved. `after` may be empty: the first one that is not solved.
const Lab* NextLab(const std::vector<Lab>& labs, const std::string& after);

// Where the participant is in the tour through all tracks, and the command that leads on; on one screen. `current` is
// the lab that was worked on last, or empty.
std::string Tour(const std::vector<Track>& tracks, const std::vector<Lab>& labs, const std::string& current);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_TOUR_H_
