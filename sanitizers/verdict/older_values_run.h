#ifndef RACELAB_SANITIZERS_VERDICT_OLDER_VALUES_RUN_H_
#define RACELAB_SANITIZERS_VERDICT_OLDER_VALUES_RUN_H_

#include "sanitizers/process/child.h"
#include "sanitizers/verdict/interleave_run.h"

namespace racelab {

// How many loads of an execution may return an older value: enough to show the effects of a wrong memory order, but few
// enough that a loop that waits for a value soon gets it.
inline constexpr int kOlderValues = 2;

// For a program that uses memory orders weaker than sequentially consistent, and whose exploration so far, `explored`,
// found no failure: explores the scenarios that use them once more. Now some loads may return an older value than the
// latest, as their memory orders permit (sanitizers/interleave/older_values.h). Adds the explorations that fail to
// `explored`. If none does, notes in its explorations that this was tried.
void TryOlderValues(ChildSpec spec, InterleaveOptions options, InterleaveResult& explored);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_OLDER_VALUES_RUN_H_
