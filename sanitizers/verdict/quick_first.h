#ifndef RACELAB_SANITIZERS_VERDICT_QUICK_FIRST_H_
#define RACELAB_SANITIZERS_VERDICT_QUICK_FIRST_H_

#include <string>
#include <vector>

#include "sanitizers/process/child.h"
#include "sanitizers/report/exploration.h"
#include "sanitizers/verdict/interleave_run.h"

namespace racelab {

// Like RunUnderInterleave(), for a program whose tests end at the first that fails: explores a little of every scenario
// first, and then in full those that need more. What fails soon is so found soon, whichever scenario it is, and nothing
// is called right of which less was run. Several scenarios are explored in full at once, each in a process of its own;
// the output of each goes to a copy of `spec.on_output`, on a thread of its own. Requires that `options` limits no
// executions.
InterleaveResult RunQuicklyFirst(const ChildSpec& spec, const InterleaveOptions& options);

// The scenarios of which more has to be run: those that are neither complete nor have failed for certain.
std::vector<std::string> Unsettled(const std::vector<Exploration>& explorations);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_QUICK_FIRST_H_
