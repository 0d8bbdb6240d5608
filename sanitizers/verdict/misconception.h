#ifndef RACELAB_SANITIZERS_VERDICT_MISCONCEPTION_H_
#define RACELAB_SANITIZERS_VERDICT_MISCONCEPTION_H_

#include <string>

#include "sanitizers/report/exploration.h"

namespace racelab {

// One sentence about the misunderstanding behind a failure, in the program's own names: "Total() reads total_ holding
// nothing; Record() writes it holding mutex_." Empty if the interleaving does not show one for certain.
std::string Misconception(const InterleavingFailure& failure);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_MISCONCEPTION_H_
