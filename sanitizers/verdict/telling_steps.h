#ifndef RACELAB_SANITIZERS_VERDICT_TELLING_STEPS_H_
#define RACELAB_SANITIZERS_VERDICT_TELLING_STEPS_H_

#include <cstddef>
#include <vector>

#include "sanitizers/report/exploration.h"
#include "sanitizers/symbols/symbolise.h"

namespace racelab {

// What GoogleTest does to say that an expectation failed is not part of what went wrong. `stack` has been resolved.
bool IsGoogleTestsOwn(const Stack& stack);

// Leaves, in each exploration, the steps of the most telling failure only, and of these at most `most`: the last ones,
// each thread's last ones on the objects that the failure is about, those around a change of thread. They get a rank by
// that, and the numbers of their rows among all. `frames` is what the places stand for; they must not have been
// resolved yet.
void KeepTellingSteps(std::vector<Exploration>& explorations, const FramesOfPlaces& frames, size_t most);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_TELLING_STEPS_H_
