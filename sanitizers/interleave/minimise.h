#ifndef RACELAB_SANITIZERS_INTERLEAVE_MINIMISE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MINIMISE_H_

#include "sanitizers/interleave/explorer.h"
#include "sanitizers/interleave/search.h"

namespace racelab::interleave {

// Runs the next execution of a search, from the start.
struct RunOne {
  void (*function)(void* object, Search& search);
  void* object;
  void operator()(Search& search) const { function(object, search); }
};

// Puts in place of `found.schedule` one that fails in the same way with fewer preemptions, if it finds one soon.
//
// First all executions with no preemption are tried, then those with one, and so on: what is found so has the fewest.
// If they are too many, the schedule itself is shrunk: again and again a thread that was preempted goes on, and what it
// did later is done now, as long as the execution still fails.
void Minimise(FoundFailure& found, RunOne run);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MINIMISE_H_
