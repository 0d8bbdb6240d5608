#ifndef RACELAB_SANITIZERS_INTERLEAVE_SEARCH_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SEARCH_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

// Decides which thread takes each step of each execution.
//
// The exhaustive search is source-DPOR (Abdulla, Aronis, Jonsson, Sagonas: "Optimal Dynamic Partial Order Reduction",
// POPL 2014) with sleep sets: of executions that differ only in the order of independent operations, it runs one to its
// end. An execution in which every thread that could go on is in the sleep set would repeat an earlier one, and is cut
// short: it is sleep-set blocked.
//
// Processes that share a search divide its branches: each process tries all choices in the first few steps, in the same
// order, and follows every N-th of the resulting branches. Sleep sets carry over, so that no two processes run
// executions that differ only in the order of independent operations.
class Search {
 public:
  // Begins again, with nothing explored.
  void Begin(const SearchOptions& options);

  // Call this before each execution. An execution that was cut short and is run again without Advance() takes the same
  // steps.
  void BeginExecution();

  static constexpr int kSleepSetBlocked = -1;  // The rest of this execution was explored before,
  static constexpr int kUnfair = -3;           // or no fair schedule reaches it: the execution is bounded.
  static constexpr int kPaused = -4;           // Or the replayed schedule ends, and the user decides how to continue.

  // The preemptions of the execution so far.
  int Preemptions() const { return depth_ == 0 ? 0 : steps_[depth_ - 1].preemptions; }

  // Whether the schedule that is replayed continues after the end of the execution.
  bool HasStepsLeft() const { return depth_ < options_.schedule.size(); }

  // Call this once after each execution: whether this process counts the execution, if several processes share the
  // search.
  bool IsMine();

  // The threads that can take the next step.
  struct Candidates {
    ThreadSet enabled;
    ThreadSet preferred;  // Those that have not yielded, spun or run for long while others could go on.
    ThreadSet spinning;   // Those whose loop has had enough rounds without an effect.
  };

  // Returns the thread that takes the next step, or kSleepSetBlocked, kUnfair or kPaused. `running` took the last step;
  // `pending` has the next operation of each thread. Fairness only decides which thread comes first: the search may
  // later choose any thread that can go on (Musuvathi, Qadeer: "Fair Stateless Model Checking", PLDI 2008).
  int Choose(const Candidates& candidates, int running, const Operation* const* pending);

  // The execution ends here with a failure unless one of these threads wakes up without cause. The search tries this in
  // a later execution, unless this execution is already such a try (RetriesEnd()).
  void OfferAtEnd(ThreadSet enabled, int running, const Operation* const* pending);
  bool RetriesEnd() const {
    return depth_ < fixed_ || (options_.strategy == Strategy::kReplay && depth_ < options_.schedule.size()) ||
           (options_.strategy == Strategy::kGuided && turn_ < options_.guide.turns.size());
  }

  // The thread that Choose() will return because this step repeats an earlier execution, no matter what the other
  // threads can do. kNew if this is unknown.
  int Repeated() const { return depth_ + 1 < fixed_ && steps_[depth_].values == 1 ? steps_[depth_].chosen : kNew; }
  static constexpr int kNew = -2;

  // Loops at these places do not end by themselves: a thread takes no further round of them while others could go on.
  AddressMap<bool> endless;

  // Replaces Choose() if the thread of Repeated() is about to do `operation`. Returns false, without an effect, if the
  // repeated execution did something else.
  bool Repeat(const Operation& operation);

  // Returns one of the values 0 ... count - 1 for the running thread; each is tried. Other threads cannot observe the
  // value, so this step need not be reordered. kSleepSetBlocked if the program did not make this choice in the
  // execution that it repeats.
  int ChooseValue(int thread, int count);

  // Orders the later steps of thread `after` after the earlier ones of thread `before`, without a choice of the search:
  // `after` was created by `before`, joined it, or was woken by it.
  void Order(int before, int after) {
    clock_[after].Join(clock_[before]);
    if (after >= threads_) threads_ = after + 1;
  }

  // Call this at the end of an execution that was cut short: the thread was about to do this operation. Reorderings
  // with it must be tried as if it had been done.
  void NotePending(int thread, const Operation& operation);

  // Like NotePending(), for an operation that was possible until the last step: a thread that was woken by a
  // notification could have timed out before.
  void NoteForgone(int thread, const Operation& operation);

  // Call this after each execution: prepares the next one; false if there is none.
  bool Advance();

  // The steps of this execution: how many, and the thread that took each; for a choice, the value.
  std::size_t depth() const { return depth_; }
  Vector<std::uint8_t> Schedule() const;
  Guide AsGuide() const;
  int preemptions() const { return depth_ == 0 ? 0 : steps_[depth_ - 1].preemptions; }

  // This many steps at the beginning of this execution repeat the last one, but the last of them with another choice.
  std::size_t repeated() const { return fixed_; }

  // Whether the program behaved differently in this execution's repeated steps.
  bool diverged() const { return diverged_; }

 private:
  struct alignas(64) Step {  // Its first cache line holds all that a repetition needs, except the clock.
    Operation operation;
    std::int8_t chosen, running;
    std::int8_t value, values;  // Of ChooseValue(): which, and how many there are; 0 of 1 for any other step.
    bool gave_way;              // `running` gave way, so that it is no preemption if another thread goes on.
    std::int16_t preemptions;   // Up to and including this step.
    std::uint32_t explored;     // Where its part of `explored_` begins; it ends where the next step's part begins.
    ThreadSet enabled, backtrack, done, sleep, spinning;
    VectorClock clock;
  };

  // The next operation of a thread in `done` or `sleep` of a step.
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
  std::size_t explored_kept_ = 0;  // Those that belong to steps which the next execution repeats.
  Vector<std::uint32_t> after_;    // Scratch space of Reverse().
  std::size_t depth_ = 0;
  std::size_t fixed_ = 0;  // The number of steps that the next execution repeats, the last of them with another choice.
  std::size_t split_ = 0;  // Steps in which all choices are tried, to divide the branches; 0: not divided.
  std::uint64_t branches_ = 0;
  bool dealt_ = false, mine_ = true;  // Whether the current branch has been assigned; whether it is ours.
  VectorClock clock_[kMaxThreads];
  int threads_ = kMaxThreads;  // Slots that this execution has used.
  bool diverged_ = false;
  bool offered_ = false;     // A step after the last one is left to be explored.
  std::uint64_t alone_ = 0;  // Steps in a row of a thread that should have given way to threads that were asleep.
  std::uint64_t random_ = 1, random_at_begin_ = 1;  // Now, and at the beginning of this execution.
  std::uint64_t priority_[kMaxThreads];
  std::uint64_t longest_ = 1;   // How many steps the longest execution so far has had.
  std::size_t turn_ = 0;        // In the guide; `choices_`: how many choices each thread has made.
  std::size_t turns_kept_ = 0;  // From the guide, by kNear.
  std::size_t choices_[kMaxThreads];
  Vector<std::size_t> changes_;
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SEARCH_H_
