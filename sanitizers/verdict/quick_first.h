#ifndef RACELAB_SANITIZERS_VERDICT_QUICK_FIRST_H_
#define RACELAB_SANITIZERS_VERDICT_QUICK_FIRST_H_

#include <string>
#include <vector>

#include "sanitizers/process/child.h"
#include "sanitizers/report/exploration.h"
#include "sanitizers/verdict/interleave_run.h"

namespace racelab {

// Like RunUnderInterleave(), for a program whose tests end at the first that fails: explores a little of every scenario
// first, and then fully those that need more. This finds shallow failures early in any scenario, and passes no scenario
// that was explored less. Several scenarios are explored fully in parallel, each in a separate process; the output of
// each goes to a copy of `spec.on_output`, on a separate thread. Requires that `options` does not limit executions.
InterleaveResult RunQuicklyFirst(const ChildSpec& spec, const InterleaveOptions& options);

// Returns the scenarios that need more exploration: those that are neither complete nor have certainly failed.
std::vector<std::string> Unsettled(const std::vector<Exploration>& explorations);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_QUICK_FIRST_H_
