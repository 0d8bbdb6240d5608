#ifndef RACELAB_SANITIZERS_INTERLEAVE_SEARCH_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SEARCH_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

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

  static constexpr int kRedundant = -1;  // What is left of this execution was explored before,
  static constexpr int kUnfair = -3;     // or no fair schedule gets there: it is a bound.

  // After each execution, and once: whether it is this process's to count, where several share the search.
  // Whether the schedule that is replayed goes on behind the end of the execution.
  bool HasStepsLeft() const { return depth_ < options_.schedule.size(); }
  bool IsMine();

  // Who can take the next step.
  struct Candidates {
    ThreadSet enabled;
    ThreadSet preferred;  // Of these: who has not yielded, spun or run for long while others could go on.
    ThreadSet spinning;   // Of these: who has gone round its loop often enough, and would find nothing new.
  };

  // The thread to take the next step; `running` took the last one. `pending` is what each thread is about to do. Or
  // kRedundant, or kUnfair. Fairness is a matter of who comes first: whoever can go on may be chosen by the search
  // later (Musuvathi, Qadeer: "Fair Stateless Model Checking", PLDI 2008).
  int Choose(const Candidates& candidates, int running, const Operation* const* pending);

  // The execution ends here, as a failure, but for these threads, which may go on without cause: the search takes them
  // up in a later execution. Not if it has come here for that (RetriesEnd()).
  void OfferAtEnd(ThreadSet enabled, int running, const Operation* const* pending);
  bool RetriesEnd() const {
    return depth_ < fixed_ || (options_.strategy == Strategy::kReplay && depth_ < options_.schedule.size()) ||
           (options_.strategy == Strategy::kGuided && turn_ < options_.guide.turns.size());
  }

  // The thread that Choose() is going to name, whatever the others can do: it only repeats what an earlier execution
  // did. kNew if that cannot be said.
  int Repeated() const { return depth_ + 1 < fixed_ && steps_[depth_].values == 1 ? steps_[depth_].chosen : kNew; }
  static constexpr int kNew = -2;

  // Loops at these places do not end by themselves: to let a thread go round them again while others could go on is
  // left out.
  AddressMap<bool> endless;

  // In place of Choose(): that thread is about to do `operation`. False, and nothing happens, if it is not what it did.
  bool Repeat(const Operation& operation);

  // Which of the values 0 ... count - 1 the running thread goes on with; each is tried. A step without an alternative
  // of its own: no other thread can tell, so none need come before. kRedundant if the program did not ask for this
  // before.
  int ChooseValue(int thread, int count);

  // The chosen thread does something that the search need not choose, but that orders its later steps behind those of
  // the other: it was created by it, joined it, was woken by it.
  void Order(int before, int after) {
    clock_[after].Join(clock_[before]);
    if (after >= threads_) threads_ = after + 1;
  }

  // At the end of an execution that broke off: the thread was about to do this. What it could have been exchanged with
  // must be tried, as if it had been done.
  void NotePending(int thread, const Operation& operation);

  // As NotePending(), of a thread that could have done this until the last step made it impossible: whom a notification
  // woke could have timed out before.
  void NoteForgone(int thread, const Operation& operation);

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
  struct alignas(64) Step {  // What to repeat it needs is in its first cache line, all but the clock.
    Operation operation;
    std::int8_t chosen, running;
    std::int8_t value, values;  // Of ChooseValue(): which, and how many there are; 0 of 1 for any other step.
    bool gave_way;              // `running` did, so that to go on with another thread is no preemption.
    std::int16_t preemptions;   // Up to and with this step.
    std::uint32_t explored;     // Where in `explored_` this step's part begins: it ends where the next one's does.
    ThreadSet enabled, backtrack, done, sleep, spinning;
    VectorClock clock;
  };

  // What a thread in `done` or `sleep` of a step would do.
  struct Explored {
    Operation operation;
    int thread;
  };

  Step& NewStep(ThreadSet enabled, int running);
  void Explore(int thread, const Operation& operation) {
    Explored& explored = explored_.emplace_back();
    explored.operation = operation;
    explored.thread = thread;
  }
  bool BelongsToAnother();
  void Fix(std::size_t length);
  int ChooseNew(const Step& step, ThreadSet preferred);
  int FirstValue(int thread, int count);
  int ChooseAsGuided(ThreadSet enabled, int running);
  int ChooseNear(const Candidates& candidates, int running, const Operation* const* pending);
  int ChooseAtRandom(const Candidates& candidates, int running, const Operation* const* pending);
  void InheritSleep(Step& step);
  bool Reverse(std::size_t earlier, int thread, const Operation& operation, const VectorClock& now);
  void AddRaces(int thread, const Operation& operation);
  bool IsPreemption(const Step& step, int thread) const {
    return thread != step.running && !step.gave_way && step.running < kMaxThreads && (step.enabled >> step.running & 1);
  }
  std::uint64_t Random();

  SearchOptions options_;
  Vector<Step> steps_;
  Vector<Explored> explored_;
  std::size_t explored_kept_ = 0;  // So many belong to steps that the next execution repeats.
  Vector<std::uint32_t> after_;    // Scratch space of Reverse().
  std::size_t depth_ = 0;
  std::size_t fixed_ = 0;  // The steps that the next execution repeats; the last of them with another choice.
  std::size_t split_ = 0;  // Steps in which all choices are tried, to deal out what follows; 0: this process does all.
  std::uint64_t branches_ = 0;
  bool dealt_ = false, mine_ = true;  // Whether it is known whose the current branch is; whether it is ours.
  VectorClock clock_[kMaxThreads];
  int threads_ = kMaxThreads;  // Slots that this execution has used.
  bool diverged_ = false;
  bool offered_ = false;     // A step beyond the last one is left to be explored.
  std::uint64_t alone_ = 0;  // Steps in a row of a thread that should have given way, to threads that were asleep.
  std::uint64_t random_ = 1;
  std::uint64_t priority_[kMaxThreads];
  std::uint64_t longest_ = 1;
  std::size_t turn_ = 0;        // Of the guide; and the choices that each thread has made.
  std::size_t turns_kept_ = 0;  // Of the guide, by kNear.
  std::size_t choices_[kMaxThreads];
  Vector<std::size_t> changes_;
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SEARCH_H_
