#ifndef RACELAB_SANITIZERS_INTERLEAVE_MINIMISE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MINIMISE_H_

#include <cstdint>

#include "sanitizers/interleave/explorer.h"
#include "sanitizers/interleave/search.h"

namespace racelab::interleave {

// Runs the next execution of a search, from the start.
struct RunOne {
  void (*function)(void* object, Search& search);
  void* object;
  void operator()(Search& search) const { function(object, search); }
};

// The remaining effort, counted in steps, because the result must not depend on how busy the machine is.
struct Effort {
  std::uint64_t steps;
  double deadline = 0;  // of Now(); 0: none

  bool IsSpent() const;
};

// Replaces `found.schedule` with one that fails in the same way with fewer preemptions, if `effort` suffices to find
// one.
//
// First it tries all executions without a preemption, then those with one, and so on, so that the first failure has the
// fewest preemptions. If there are too many executions, it shrinks the schedule itself: again and again, it moves a
// preempted thread's next steps to the preemption, as long as the execution still fails. Subtracts the steps that it
// runs from `effort`.
void Minimise(FoundFailure& found, RunOne run, Effort& effort);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MINIMISE_H_
