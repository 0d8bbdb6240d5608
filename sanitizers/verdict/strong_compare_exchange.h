#ifndef RACELAB_SANITIZERS_VERDICT_STRONG_COMPARE_EXCHANGE_H_
#define RACELAB_SANITIZERS_VERDICT_STRONG_COMPARE_EXCHANGE_H_

#include <vector>

#include "sanitizers/report/exploration.h"
#include "sanitizers/symbols/symbolise.h"

namespace racelab {

// clang compiles weak and strong compare-exchanges to the same call, so the runtime cannot tell them apart, and reports
// that failures of weak ones were not tried. The functions that were inlined at the places of these calls can tell:
// where all are strong, nothing was left out. `frames` has the frames of the places.
void NoteStrongCompareExchanges(std::vector<Exploration>& explorations, const FramesOfPlaces& frames);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_STRONG_COMPARE_EXCHANGE_H_
