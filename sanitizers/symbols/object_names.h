#ifndef RACELAB_SANITIZERS_SYMBOLS_OBJECT_NAMES_H_
#define RACELAB_SANITIZERS_SYMBOLS_OBJECT_NAMES_H_

#include <string>
#include <vector>

#include "sanitizers/report/exploration.h"
#include "sanitizers/symbols/name_candidates.h"

namespace racelab {

// Gives the objects of the failures' steps the names that the program has for them, and their values the form of their
// types. Within a failure, an object has one name, and no two objects have the same: where the shown place calls both
// "mutex_", they are "from.mutex_" and "to.mutex_" if a function that called it tells them apart, otherwise
// "mutex_ #1" and "mutex_ #2". What no variable leads to for certain gets no name.
//
// `frames` is what the places of the steps stand for; they must not have been resolved yet.
void NameObjects(std::vector<Exploration>& explorations, const FramesOfPlaces& frames, const std::string& directory);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_OBJECT_NAMES_H_
