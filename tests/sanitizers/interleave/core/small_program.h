#ifndef RACELAB_TESTS_SANITIZERS_INTERLEAVE_CORE_SMALL_PROGRAM_H_
#define RACELAB_TESTS_SANITIZERS_INTERLEAVE_CORE_SMALL_PROGRAM_H_

#include <rapidcheck.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "sanitizers/interleave/model/primitives.h"
#include "sanitizers/interleave/search.h"

namespace racelab::interleave {

// A program that consists only of operations, for tests of the search; Machine takes the place of Execution.
enum class Act { kRead, kWrite, kLock, kUnlock, kTryLock, kLockShared, kUnlockShared, kAcquire, kRelease, kChoose };

struct Instruction {
  Act act;
  int object = 0;  // Within its kind; for a choice, the number of values.
};
// For two or more threads.
using SmallProgram = std::vector<std::vector<Instruction>>;

std::ostream& operator<<(std::ostream& out, const Instruction& instruction);

constexpr int kObjects = 3;  // Of each kind.

// The state of a program; there can be only one at a time. An unlock after a failed try does nothing.
class Machine {
 public:
  explicit Machine(const SmallProgram& program);
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Determines the effect that each thread's next operation would have now; returns the threads that can take it.
  ThreadSet Settle();
  const Operation* const* pending() const { return pointers_; }
  bool has_finished(int thread) const { return at_[thread] == program_[thread].size(); }
  bool all_have_finished() const;
  const Instruction& next(int thread) const { return program_[thread][at_[thread]]; }

  // The thread takes its next operation; `value` is the result of a choice.
  void Take(int thread, int value = 0);

  // The order of all dependent operations so far: equal for equivalent executions.
  std::string Trace() const;
  // The values read and chosen, by thread.
  std::string Outcome() const;

 private:
  struct Done {
    int thread, index;
    Operation operation;
  };

  Operation Make(const Instruction& instruction);
  void SkipWhatIsNothing(int thread);

  const SmallProgram& program_;
  std::vector<std::size_t> at_;
  std::vector<std::set<int>> not_got_;  // For each thread, the locks on which its last try failed.
  Primitives primitives_;
  // Static, because the search identifies objects by their addresses; each machine resets them.
  static inline std::uint64_t memory_[kObjects];
  static inline char locks_[kObjects];
  alignas(8) static inline std::uint32_t semaphores_[2 * kObjects];  // Each in a granule of its own.
  Operation operations_[kMaxThreads];
  const Operation* pointers_[kMaxThreads] = {};
  std::vector<Done> done_;
  std::vector<std::string> outcome_;
};

struct Ran {
  std::vector<int> schedule;  // Like Search::Schedule().
  std::string trace, outcome;
  bool complete = false;  // False if the search has cut it short.
  bool stuck = false;     // Complete, although not all threads have finished.
  bool mine = true;
  int preemptions = 0;
};

// Runs one execution of the program under the search, or only its first `steps` steps.
Ran RunOnce(const SmallProgram& program, Search& search, std::size_t steps = SIZE_MAX);

// Runs all executions of a search that finishes.
std::vector<Ran> RunAll(const SmallProgram& program, const SearchOptions& options);

// Without the search: all interleavings with at most `most_preemptions` preemptions (-1: any number).
std::vector<Ran> AllInterleavings(const SmallProgram& program, int most_preemptions = -1);

// Two or three threads with a few instructions each; locks are nested, and released.
rc::Gen<SmallProgram> SmallPrograms();

}  // namespace racelab::interleave

#endif  // RACELAB_TESTS_SANITIZERS_INTERLEAVE_CORE_SMALL_PROGRAM_H_
