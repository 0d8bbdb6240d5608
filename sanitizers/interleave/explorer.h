#ifndef RACELAB_SANITIZERS_INTERLEAVE_EXPLORER_H_
#define RACELAB_SANITIZERS_INTERLEAVE_EXPLORER_H_

#include <cstdint>

#include "sanitizers/interleave/failure.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {

// How often a failure was found, where it was found first, and the execution that shows it.
struct FoundFailure {
  Failure failure;
  Vector<std::uint8_t> schedule;  // that leads to it, with the fewest preemptions that were found
  Recording recording;
  std::uint64_t executions = 0;  // until it was found
  std::uint64_t occurrences = 1;
  int threads = 0;
  Vector<std::uintptr_t> promoted;  // the memory whose plain accesses were steps when it was found
  bool recorded = false;            // Else there is its schedule only.
};

// What one of the searches did.
struct SearchDone {
  Strategy strategy;
  std::uint64_t executions;
  int preemptions;     // Of kBounded: all interleavings with at most so many were run; -1: not even without any.
  std::uint64_t seed;  // Of the random ones.
};

struct Outcome {
  int exit_code;
  std::uint64_t executions;
};

struct Exploration {
  const char* name = "";
  std::uint64_t executions = 0;         // run to their ends
  std::uint64_t sleep_set_blocked = 0;  // cut short: what was left of them had been explored
  std::uint64_t failing = 0;
  std::uint64_t steps = 0;
  std::uint64_t most_threads = 0;
  bool complete = false;         // the search ended of itself
  int preemptions_covered = -1;  // if it did not: all interleavings with at most so many preemptions were run
  LeftOut left_out;
  Vector<SearchDone> searches;
  double seconds = 0;
  Vector<Outcome> outcomes;        // with the option of that name
  Vector<FoundFailure*> failures;  // the most telling one first
};

// Runs `body(argument)` in every interleaving that `options` ask for. The memory of the program is set back before
// each; at the end it is as the last run left it: of the first failure, if there is one and its execution came to an
// end of its own, so that the test's own messages are those of that execution. The result lives in the runtime's
// memory, for good.
Exploration& Explore(const char* name, void (*body)(void*), void* argument);

// The failure's schedule as ParseSchedule() reads it.
Vector<char> FormatSchedule(const FoundFailure& found);

// From within an execution: the test's own verdict on it. Ends it.
[[noreturn]] void FailExpectation(const char* message);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_EXPLORER_H_
