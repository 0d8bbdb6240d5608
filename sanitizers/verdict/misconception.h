#ifndef RACELAB_SANITIZERS_VERDICT_MISCONCEPTION_H_
#define RACELAB_SANITIZERS_VERDICT_MISCONCEPTION_H_

#include <string>
#include <vector>

#include "sanitizers/report/exploration.h"

namespace racelab {

// One sentence about the misunderstanding behind a failure, in the program's own names: "Total() reads total_ holding
// nothing; Record() writes it holding mutex_." Empty if the interleaving does not show one for certain. If one of
// `failures` is the data race behind this one (RaceBehind()), the sentence is about that.
std::string Misconception(const InterleavingFailure& failure, const std::vector<InterleavingFailure>& failures);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_MISCONCEPTION_H_
