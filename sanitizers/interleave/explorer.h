#ifndef RACELAB_SANITIZERS_INTERLEAVE_EXPLORER_H_
#define RACELAB_SANITIZERS_INTERLEAVE_EXPLORER_H_

#include <cstdint>

#include "sanitizers/interleave/failure.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {

// How often a failure was found, where it was found first, and the execution that shows it.
struct FoundFailure {
  Failure failure;
  Vector<std::uint8_t> schedule;  // the one found with the fewest preemptions
  Recording recording;
  std::uint64_t executions = 0;  // until it was found
  std::uint64_t occurrences = 1;
  int threads = 0;
  int preemptions = 0;              // of the schedule
  Vector<std::uintptr_t> promoted;  // the memory whose plain accesses were steps when it was found
  bool recorded = false;            // Otherwise, there is only its schedule.
};

// The result of one of the searches.
struct SearchDone {
  Strategy strategy;
  std::uint64_t executions;
  int preemptions;     // For kBounded: all interleavings with at most this many were run; -1: not even all without one.
  std::uint64_t seed;  // For the random searches.
};

struct Outcome {
  int exit_code;
  std::uint64_t executions;
};

struct Exploration {
  const char* name = "";
  std::uint64_t executions = 0;         // that ended by themselves
  std::uint64_t sleep_set_blocked = 0;  // that were cut short because their remainder had been explored before
  std::uint64_t failing = 0;
  std::uint64_t steps = 0;
  std::uint64_t most_threads = 0;
  bool complete = false;         // the search ended by itself
  int preemptions_covered = -1;  // if not complete: all interleavings with at most this many preemptions were run
  LeftOut left_out;
  Vector<const void*> compare_exchanges;  // Places of those that may be weak.
  bool fences = false;                    // the program uses fences
  Vector<SearchDone> searches;
  double seconds = 0;
  std::uint64_t mutated = 0;           // executions in which the mutant behaved differently from the program,
  FoundFailure* difference = nullptr;  // if none failed, the shortest in which it is observable
  Vector<Outcome> outcomes;            // with the option `outcomes`
  Vector<FoundFailure*> failures;      // the most telling one first
};

// Runs `body(argument)` in every interleaving that `options` request, and resets the program's memory before each. The
// last run's effects stay. If there is a failure whose execution ended by itself, this is a run of the first such
// failure, so that the test's own messages are those of the failing execution. The result is in the runtime's memory,
// and is never freed.
Exploration& Explore(const char* name, void (*body)(void*), void* argument);

// The failure's schedule, in the form that ParseSchedule() reads.
Vector<char> FormatSchedule(const FoundFailure& found);

// Called within an execution: reports that the test itself considers it failed, and ends the execution.
[[noreturn]] void FailExpectation(const char* message);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_EXPLORER_H_
