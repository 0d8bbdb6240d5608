#ifndef RACELAB_TESTS_SANITIZERS_INTERLEAVE_REFERENCE_MACHINE_H_
#define RACELAB_TESTS_SANITIZERS_INTERLEAVE_REFERENCE_MACHINE_H_

// What one thread of a small program can do next in a given state.

#include <set>
#include <string>
#include <vector>

#include "tests/sanitizers/interleave/reference.h"
#include "tests/sanitizers/interleave/reference_state.h"

namespace racelab::reference {

// What comes after a state: others, and ends of the execution.
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

  // Adds to `next` what becomes of `state` if thread `t`, which runs, takes a step. Nothing, if it cannot.
  void Step(const State& state, int t, Next& next);

  // The word for what the thread waits for.
  std::string Waiting(const State& state, int t) const;

  // The variables on which a step that was taken is in a data race with an earlier one.
  const std::set<int>& races() const { return races_; }

 private:
  static constexpr RandomOperation kReturn = {Verb::k_end, 9};
  static constexpr RandomOperation kFinalLoad = {Verb::k_load, 9};

  // How far a thread is within a wait.
  static constexpr std::uint8_t kBegun = 0, kLocked = 1, kAsleep = 2, kAwake = 3, kLockedAgain = 4, kUnlocking = 5;

  RandomOperation OperationOf(const State& state, int t) const;
  static bool Holds(const ReadWriteLockState& lock, int t) { return lock.owner == t || lock.holds[t] > 0; }

  // What happens without cause is of interest while there are other threads.
  static bool HasCompany(const State& state) { return state.created - state.joined > 1; }

  // The thread is done with its operation, or so far within it.
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

  // The operations. `s` is a copy, to be changed and added to `next`.
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
  bool plain_[10] = {};  // Variables that a plain access is made to: of these, what happens before what is of interest.
  bool guarded_[kThreads] = {};  // Threads with an operation that depends on what they have read.
  std::set<int> races_;
};

}  // namespace racelab::reference

#endif  // RACELAB_TESTS_SANITIZERS_INTERLEAVE_REFERENCE_MACHINE_H_
