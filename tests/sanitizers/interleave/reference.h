#ifndef RACELAB_TESTS_SANITIZERS_INTERLEAVE_REFERENCE_H_
#define RACELAB_TESTS_SANITIZERS_INTERLEAVE_REFERENCE_H_

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace racelab {

// Computes the possible results of the small programs of random_operations.h from their text: visits all states that
// any interleaving reaches, breadth first. It runs nothing, reduces nothing, and shares no code with the runtime under
// test.

struct ReferenceOptions {
  bool any_waiter = false;  // A signal wakes any one waiter, not only the one that has waited longest.
  // As long as there are other threads: a wait may return without cause; a weak compare-exchange may fail without
  // cause, but not twice in a row on one variable.
  bool spurious_wakeups = false, weak_failures = false;
  bool writers_preferred = true;  // Whether the lock that should prefer writers does.
  std::size_t most_states = 100'000;
};

struct ReferenceFindings {
  // Exit codes. The program may end while detached threads still run: `certain` are the exit codes that are also
  // possible if these threads continue for as long as they can.
  std::set<int> outcomes, certain;
  // "deadlock: T0 join, T1 lock", "no progress", "abort: T1", "misuse: T2"; threads are numbered in the order of their
  // creation.
  std::set<std::string> failures;
  std::set<int> races;    // The variables with a data race.
  bool complete = false;  // False if there are too many states.
  std::size_t states = 0;
};

ReferenceFindings Interpret(const std::vector<std::string>& program, const ReferenceOptions& options = {});

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_INTERLEAVE_REFERENCE_H_
