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

// What may still be tried. It is counted in steps: what is shown must not depend on how busy the machine is.
struct Effort {
  std::uint64_t steps;
  double deadline = 0;  // of Now(); 0: none

  bool IsSpent() const;
};

// Replaces `found.schedule` by a schedule that fails in the same way with fewer preemptions, if it finds one soon.
//
// First it tries all executions without a preemption, then those with one, and so on, so that the first failure has the
// fewest preemptions. If there are too many executions, it shrinks the schedule itself: again and again, it lets a
// preempted thread go on with its later steps at once, as long as the execution still fails. Takes the steps that it
// runs from `effort`.
void Minimise(FoundFailure& found, RunOne run, Effort& effort);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MINIMISE_H_
