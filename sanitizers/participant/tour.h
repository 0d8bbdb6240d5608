#ifndef RACELAB_SANITIZERS_PARTICIPANT_TOUR_H_
#define RACELAB_SANITIZERS_PARTICIPANT_TOUR_H_

#include <string>
#include <vector>

#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/track.h"

namespace racelab {

// The lab to do after `after`: the next unsolved one in teaching order, otherwise the first unsolved one. Null if all
// are solved. If `after` is empty, the first unsolved one.
const Lab* NextLab(const std::vector<Lab>& labs, const std::string& after);

// The participant's position in the tour through all tracks, and the command for the next step; on one screen.
// `current` is the lab that was worked on last, or empty.
std::string Tour(const std::vector<Track>& tracks, const std::vector<Lab>& labs, const std::string& current);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_TOUR_H_
