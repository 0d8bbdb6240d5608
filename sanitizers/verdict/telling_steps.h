#ifndef RACELAB_SANITIZERS_VERDICT_TELLING_STEPS_H_
#define RACELAB_SANITIZERS_VERDICT_TELLING_STEPS_H_

#include <cstddef>
#include <vector>

#include "sanitizers/report/exploration.h"
#include "sanitizers/symbols/symbolise.h"

namespace racelab {

// Whether GoogleTest is only reporting a failed expectation, which is not part of the failure itself. `stack` has been
// resolved.
bool IsGoogleTestsOwn(const Stack& stack);

// Keeps, in each exploration, only steps of the most telling failure, and at most `most` of them: its last steps, each
// thread's last steps on the objects that the failure is about, and the steps around a change of thread. Each step gets
// a rank by how informative it is, and keeps its row number among all rows. `frames` has the frames of the places,
// which must not have been resolved yet.
void KeepTellingSteps(std::vector<Exploration>& explorations, const FramesOfPlaces& frames, size_t most);

// Keeps at most `most` steps of all failures together: of each long failure, its most telling steps. Each step has a
// stack, and threads that poll take tens of thousands of steps.
void LimitSteps(std::vector<Exploration>& explorations, const FramesOfPlaces& frames, size_t most);

// Returns the failure with at most `most` of its steps, chosen and ranked as by KeepTellingSteps(), for a short table:
// consecutive steps that look the same are merged. Requires that places and objects are resolved.
InterleavingFailure Told(const InterleavingFailure& failure, const Exploration& exploration, size_t most);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_TELLING_STEPS_H_
