#ifndef RACELAB_SANITIZERS_SYMBOLS_OBJECT_NAMES_H_
#define RACELAB_SANITIZERS_SYMBOLS_OBJECT_NAMES_H_

#include <string>
#include <vector>

#include "sanitizers/report/exploration.h"
#include "sanitizers/symbols/name_candidates.h"

namespace racelab {

// Gives the objects of the failures' steps their names in the program, and formats their values by their types. Within
// a failure, an object has one name, and no two objects have the same name: if the shown place calls both "mutex_",
// they become "from.mutex_" and "to.mutex_" if a calling function tells them apart, and otherwise "mutex_ #1" and
// "mutex_ #2". An object to which no variable certainly leads gets no name.
//
// `frames` has the frames of the steps' places, which must not have been resolved yet.
void NameObjects(std::vector<Exploration>& explorations, const FramesOfPlaces& frames, const std::string& directory);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_OBJECT_NAMES_H_
