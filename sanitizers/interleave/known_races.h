#ifndef RACELAB_SANITIZERS_INTERLEAVE_KNOWN_RACES_H_
#define RACELAB_SANITIZERS_INTERLEAVE_KNOWN_RACES_H_

#include "sanitizers/interleave/happens_before.h"

namespace racelab::interleave {

// Resolves the option `known_race`. The data races that it names do not count: `racelab` knows them as formal defects
// of a library (sanitizers/verdict/known_defects.h). Call this after the program's libraries have been loaded and
// before the first execution.
void FindKnownRaces();
bool IsKnownRace(const Access& earlier, const Access& later);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_KNOWN_RACES_H_
