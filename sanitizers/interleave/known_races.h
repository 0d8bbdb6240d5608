#ifndef RACELAB_SANITIZERS_INTERLEAVE_KNOWN_RACES_H_
#define RACELAB_SANITIZERS_INTERLEAVE_KNOWN_RACES_H_

#include "sanitizers/interleave/happens_before.h"

namespace racelab::interleave {

// The data races that the option `known_race` names do not count: `racelab` knows them to be formal defects of a
// library (sanitizers/verdict/known_defects.h). Call this once the program's libraries are loaded, before the first
// execution.
void FindKnownRaces();
bool IsKnownRace(const Access& earlier, const Access& later);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_KNOWN_RACES_H_
