#ifndef RACELAB_TESTS_SANITIZERS_INTERLEAVE_CORE_SMALL_PROGRAM_H_
#define RACELAB_TESTS_SANITIZERS_INTERLEAVE_CORE_SMALL_PROGRAM_H_

#include <rapidcheck.h>

#include <cstdint>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "sanitizers/interleave/model/primitives.h"
#include "sanitizers/interleave/search.h"

namespace racelab::interleave {

// A program that is nothing but its operations, for tests of the search: what Execution does for one that is code.
enum class Act { kRead, kWrite, kLock, kUnlock, kTryLock, kLockShared, kUnlockShared, kAcquire, kRelease, kChoose };

struct Instruction {
  Act act;
  int object = 0;  // Of its sort; of a choice, how many values there are.
};
// Any two threads and more.
using SmallProgram = std::vector<std::vector<Instruction>>;

std::ostream& operator<<(std::ostream& out, const Instruction& instruction);

constexpr int kObjects = 3;  // Of each sort.

// Where a program is. An unlock of what a try did not get is nothing.
class Machine {
 public:
  explicit Machine(const SmallProgram& program);
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // What each thread is about to do, as it will turn out now; who can.
  ThreadSet Settle();
  const Operation* const* pending() const { return pointers_; }
  bool has_finished(int thread) const { return at_[thread] == program_[thread].size(); }
  bool all_have_finished() const;
  const Instruction& next(int thread) const { return program_[thread][at_[thread]]; }

  // The thread does what it is about to do; `value`: of a choice.
  void Take(int thread, int value = 0);

  // The order of all that has been done, but not of what is independent: equal for equal executions.
  std::string Trace() const;
  // What the reads have read and the choices were, by thread.
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
  std::vector<std::set<int>> not_got_;  // Of each thread: locks that its last try did not get.
  Primitives primitives_;
  std::uint64_t memory_[kObjects] = {};
  char locks_[kObjects] = {};
  alignas(8) std::uint32_t semaphores_[2 * kObjects] = {};  // Each at the beginning of eight bytes.
  Operation operations_[kMaxThreads];
  const Operation* pointers_[kMaxThreads] = {};
  std::vector<Done> done_;
  std::vector<std::string> outcome_;
};

struct Ran {
  std::vector<int> schedule;  // As Search::Schedule().
  std::string trace, outcome;
  bool complete = false;  // Else the search has cut it short.
  bool stuck = false;     // Complete, and not all have finished.
  bool mine = true;
  int preemptions = 0;
};

// One execution of the program under the search.
Ran RunOnce(const SmallProgram& program, Search& search);

// All executions of a search that comes to its end.
std::vector<Ran> RunAll(const SmallProgram& program, const SearchOptions& options);

// By another way than the search: all interleavings there are, with at most so many preemptions (-1: any number).
std::vector<Ran> AllInterleavings(const SmallProgram& program, int most_preemptions = -1);

// Two or three threads with a few instructions each; locks are nested and given back.
rc::Gen<SmallProgram> SmallPrograms();

}  // namespace racelab::interleave

#endif  // RACELAB_TESTS_SANITIZERS_INTERLEAVE_CORE_SMALL_PROGRAM_H_
