#ifndef RACELAB_TESTS_SANITIZERS_INTERLEAVE_REFERENCE_MACHINE_H_
#define RACELAB_TESTS_SANITIZERS_INTERLEAVE_REFERENCE_MACHINE_H_

// Computes what one thread of a small program can do next in a given state.

#include <set>
#include <string>
#include <vector>

#include "tests/sanitizers/interleave/reference.h"
#include "tests/sanitizers/interleave/reference_state.h"

namespace racelab::reference {

// The successors of a state: other states, and ends of the execution.
struct Next {
  std::vector<State> states;
  std::vector<State> without_cause;  // by a spurious wake-up
  std::set<std::string> failures;
  std::set<int> exit_codes;  // of _exit()
};

class Machine {
 public:
  Machine(const std::vector<std::string>& program, const ReferenceOptions& options);

  bool understood() const { return understood_; }
  State First() const;

  // Adds to `next` the results of a step of thread `t`, which runs, in `state`. Adds nothing if the thread cannot take
  // a step.
  void Step(const State& state, int t, Next& next);

  // The name of the operation in which the thread waits.
  std::string Waiting(const State& state, int t) const;

  // The variables with a data race between a step that was taken and an earlier one.
  const std::set<int>& races() const { return races_; }

 private:
  static constexpr RandomOperation kReturn = {Verb::k_end, 9};
  static constexpr RandomOperation kFinalLoad = {Verb::k_load, 9};

  // The progress of a thread within a wait.
  static constexpr std::uint8_t kBegun = 0, kLocked = 1, kAsleep = 2, kAwake = 3, kLockedAgain = 4, kUnlocking = 5;

  RandomOperation OperationOf(const State& state, int t) const;
  static bool Holds(const ReadWriteLockState& lock, int t) { return lock.owner == t || lock.holds[t] > 0; }

  // Events without cause matter only while there are other threads.
  static bool HasCompany(const State& state) { return state.created - state.joined > 1; }

  // Adds the state in which the thread has finished its operation or has progressed within it.
  void Add(State s, int t, Next& next);
  static void Add(State s, int t, std::uint8_t within, Next& next);
  static void Fail(const State& s, int t, const char* what, Next& next);

  void Read(State& s, int t, std::int64_t value) const;
  static int Fresh(State& s, int t);

  void Note(State& s, int t, int which, bool write, bool atomic);
  int Load(State& s, int t, int which, bool relaxed = false);
  void Store(State& s, int t, int which, int value, bool relaxed = false);
  int Exchange(State& s, int t, int which, int value, bool relaxed = false);
  static bool Take(State& s, int t, MutexState& mutex);
  static void GiveBack(State& s, int t, MutexState& mutex);

  // The operations. `s` is a copy, which is changed and then added to `next`.
  void FinalLoad(State s, int t, Next& next);
  void Access(State s, int t, Verb verb, int which, Next& next);
  void Spin(State s, int t, Verb verb, int which, Next& next);
  void Lock(State s, int t, Verb verb, int which, Next& next);
  void LockForReadersOrWriter(State s, int t, Verb verb, int which, Next& next);
  void Wait(State s, int t, Verb verb, int which, Next& next);
  void WaitUnderMutex(State s, int t, Verb verb, int which, Next& next);
  void Synchronise(State s, int t, Verb verb, int which, Next& next);
  void Arrive(State s, int t, int which, Next& next);
  void Once(State s, int t, Verb verb, int which, Next& next);
  void Live(State s, int t, Verb verb, int which, Next& next);
  static void Finish(State s, int t, Next& next);

  const ReferenceOptions options_;
  bool understood_ = true;
  RandomThread program_[kThreads];
  bool plain_[10] = {};          // Variables with plain accesses: only for these, happens-before matters.
  bool guarded_[kThreads] = {};  // Threads with an operation that depends on a value read before.
  std::set<int> races_;
};

}  // namespace racelab::reference

#endif  // RACELAB_TESTS_SANITIZERS_INTERLEAVE_REFERENCE_MACHINE_H_
