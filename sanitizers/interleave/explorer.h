#ifndef RACELAB_SANITIZERS_INTERLEAVE_EXPLORER_H_
#define RACELAB_SANITIZERS_INTERLEAVE_EXPLORER_H_

#include <cstdint>

#include "sanitizers/interleave/failure.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {

struct FoundFailure {
  Failure failure;
  Vector<std::uint8_t> schedule;  // that leads to it, with the fewest preemptions that were found
  Recording recording;
  std::uint64_t executions = 0;  // until it was found
  std::uint64_t occurrences = 1;
  int threads = 0;
  Vector<std::uintptr_t> promoted;  // the eights of bytes whose plain accesses were steps when it was found
};

struct Outcome {
  int exit_code;
  std::uint64_t executions;
};

struct Exploration {
  const char* name = "";
  std::uint64_t executions = 0;  // run to their ends
  std::uint64_t redundant = 0;   // cut short: what was left of them had been explored
  std::uint64_t failing = 0;
  std::uint64_t steps = 0;
  std::uint64_t most_threads = 0;
  bool complete = false;          // the search ended of itself
  int preemptions_covered = -1;   // if it did not: all interleavings with at most so many preemptions were run
  bool collapsed = false;         // spin loops' re-reads were run as one
  bool skipped_timeouts = false;  // time-outs after the first few were left to when nothing else could happen
  double seconds = 0;
  Vector<Outcome> outcomes;        // with the option of that name
  Vector<FoundFailure*> failures;  // the first is the one to look at first
};

// Runs `body(argument)` in every interleaving that `options` ask for. The memory of the program is set back before
// each; at the end it is as the last run left it: of the first failure, if there is one and its execution came to an
// end of its own, so that the test's own messages are those of that execution. The result lives in the runtime's
// memory, for good.
Exploration& Explore(const char* name, void (*body)(void*), void* argument);

// The failure's schedule as ParseSchedule() reads it, cut to `size`.
void FormatSchedule(const FoundFailure& found, char* text, std::size_t size);

// From within an execution: the test's own verdict on it. Ends it.
[[noreturn]] void FailExpectation(const char* message);

// Runs what exit() runs, in whole-program mode.
void RunAtExit();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_EXPLORER_H_
