#ifndef RACELAB_SANITIZERS_INTERLEAVE_SEARCH_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SEARCH_H_

#include <bit>
#include <cstdint>

#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

using ThreadSet = std::uint16_t;  // Bit t is thread t.
static_assert(8 * sizeof(ThreadSet) == kMaxThreads);

constexpr ThreadSet Only(int thread) { return static_cast<ThreadSet>(1u << thread); }
inline int Lowest(ThreadSet threads) { return std::countr_zero(threads); }

// Which thread takes each step of each execution.
//
// The exhaustive search is source-DPOR (Abdulla, Aronis, Jonsson, Sagonas: "Optimal Dynamic Partial Order Reduction",
// POPL 2014) with sleep sets: of executions that differ only in the order of independent operations it runs one to its
// end. An execution in which every thread that could go on is asleep would repeat an earlier one, and is cut short.
//
// Processes that share a search deal out its branches: each tries all choices in the first few steps, in one order, and
// follows every N-th of the branches that these lead to. Sleep sets carry over, so that no two processes run executions
// that differ in the order of independent operations only.
class Search {
 public:
  // Begins anew, with nothing explored.
  void Begin(const SearchOptions& options);

  // Before each execution.
  void BeginExecution();

  static constexpr int kRedundant = -1;

  // After each execution, and once: whether it is this process's to count, where several share the search.
  bool IsMine();

  // The thread to take the next step, of those that can; `running` took the last one. `pending` is what each thread is
  // about to do. kRedundant if the rest of this execution was explored before.
  int Choose(ThreadSet enabled, int running, const Operation* const* pending);

  // The thread that Choose() is going to name, whatever the others can do: it only repeats what an earlier execution
  // did. kNew if that cannot be said.
  int Repeated() const { return depth_ + 1 < fixed_ && steps_[depth_].values == 1 ? steps_[depth_].chosen : kNew; }
  static constexpr int kNew = -2;

  // In place of Choose(): that thread is about to do `operation`. False, and nothing happens, if it is not what it did.
  bool Repeat(const Operation& operation);

  // Which of the values 0 ... count - 1 the running thread goes on with; each is tried. A step without an alternative
  // of its own: no other thread can tell, so none need come before. kRedundant if the program did not ask for this
  // before.
  int ChooseValue(int thread, int count);

  // The chosen thread does something that the search need not choose, but that orders its later steps behind those of
  // the other: it was created by it, joined it, was woken by it.
  void Order(int before, int after) { clock_[after].Join(clock_[before]); }

  // At the end of an execution that broke off: the thread was about to do this. What it could have been exchanged with
  // must be tried, as if it had been done.
  void NotePending(int thread, const Operation& operation);

  // After each execution: prepares the next; false if there is none.
  bool Advance();

  // The steps taken in this execution: how many, and by whom; of a choice, the value.
  std::size_t depth() const { return depth_; }
  Vector<std::uint8_t> Schedule() const;
  Guide AsGuide() const;
  int preemptions() const { return depth_ == 0 ? 0 : steps_[depth_ - 1].preemptions; }

  // So many steps at the beginning of this execution are those of the last one, the last of them with another choice.
  std::size_t repeated() const { return fixed_; }

  // Whether the program did in this execution's prefix what it did before. If not: the step at which it did not.
  bool diverged() const { return diverged_; }

 private:
  struct Step {
    ThreadSet enabled, backtrack, done, sleep;
    std::int8_t chosen, running;
    std::int16_t preemptions;   // Up to and with this step.
    std::int8_t value, values;  // Of ChooseValue(): which, and how many there are; 0 of 1 for any other step.
    Operation operation;
    VectorClock clock;
    Operation explored[kMaxThreads];  // What each thread in `done` and `sleep` would do.
  };

  bool BelongsToAnother();
  void Fix(std::size_t length);
  int ChooseNew(Step& step);
  int FirstValue(int thread, int count);
  int ChooseAsGuided(ThreadSet enabled, int running);
  int ChooseAtRandom(ThreadSet enabled, int running);
  void InheritSleep(Step& step);
  void Reverse(std::size_t earlier, int thread, const VectorClock& now);
  void AddRaces(int thread, const Operation& operation);
  bool IsPreemption(const Step& step, int thread) const {
    return thread != step.running && (step.enabled >> step.running & 1);
  }
  std::uint64_t Random();

  SearchOptions options_;
  Vector<Step> steps_;
  Vector<std::uint32_t> races_, after_;  // Scratch space of AddRaces() and Reverse().
  std::size_t depth_ = 0;
  std::size_t fixed_ = 0;  // The steps that the next execution repeats; the last of them with another choice.
  std::size_t split_ = 0;  // Steps in which all choices are tried, to deal out what follows; 0: this process does all.
  std::uint64_t branches_ = 0;
  bool dealt_ = false, mine_ = true;  // Whether it is known whose the current branch is; whether it is ours.
  VectorClock clock_[kMaxThreads];
  bool diverged_ = false;
  std::uint64_t random_ = 1;
  std::uint64_t priority_[kMaxThreads];
  std::uint64_t longest_ = 1;
  std::size_t turn_ = 0;  // Of the guide; and the choices that each thread has made.
  std::size_t choices_[kMaxThreads];
  Vector<std::size_t> changes_;
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SEARCH_H_
