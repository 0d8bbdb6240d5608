#include "tests/sanitizers/interleave/reference.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <unordered_map>
#include <utility>

#include "tests/sanitizers/interleave/reference_state.h"

namespace racelab {
namespace reference {
namespace {

constexpr std::uint32_t kNewDigest = 2166136261u;

// What comes after a state: others, and ends of the execution.
struct Next {
  std::vector<State> states;
  std::vector<State> without_cause;  // by a spurious wake-up
  std::set<std::string> failures;
  std::set<int> exit_codes;  // of _exit()
};

class Interpreter {
 public:
  Interpreter(const std::vector<std::string>& program, const ReferenceOptions& options) : options_(options) {
    for (std::size_t i = 0; i < program.size() && i < std::size(program_); ++i) {
      if (!ParseRandomThread(program[i].c_str(), program_[i])) findings_.failures.insert("no program: " + program[i]);
    }
    for (const RandomThread& thread : program_) {
      for (int i = 0; i < thread.length; ++i) {
        const auto [verb, which] = thread.operations[i];
        if (verb == Verb::k_read || verb == Verb::k_write) plain_[which] = true;
        if (verb == Verb::k_once && which == 1) plain_[1] = true;
      }
    }
  }

  ReferenceFindings Run() {
    State first;
    first.threads[0].phase = Phase::kRunning;
    first.threads[0].digest = kNewDigest;
    first.created = 1;
    Reach(first);
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_.size() > options_.most_states) return std::move(findings_);
      Explore(i);
    }
    FindEndlessLoops();
    findings_.complete = true;
    findings_.states = states_.size();
    return std::move(findings_);
  }

 private:
  std::size_t Reach(const State& state) {
    const auto [place, is_new] = known_.try_emplace(state, states_.size());
    if (is_new) {
      states_.push_back(&place->first);
      ends_.push_back(false);
      before_.emplace_back();
    }
    return place->second;
  }

  void Explore(std::size_t index) {
    const State& state = *states_[index];
    Next next;
    for (int t = 0; t < kThreads; ++t) {
      if (state.threads[t].phase == Phase::kRunning) Step(state, t, next);
    }
    bool loops = false, goes_on = !next.failures.empty() || !next.exit_codes.empty();
    ends_[index] = goes_on;
    findings_.failures.merge(next.failures);
    for (const int code : next.exit_codes) {
      findings_.outcomes.insert(code);
      findings_.certain.insert(code);
    }
    for (const State& other : next.states) {
      if (other.ended && !state.ended) findings_.outcomes.insert(other.exit_code);
      const std::size_t to = Reach(other);
      loops |= to == index;
      goes_on |= to != index;
      if (to != index) before_[to].push_back(index);
    }
    if (!goes_on && !loops) {
      ends_[index] = true;
      End(state);
    }
    for (const State& other : next.without_cause) {  // What nobody can count on is no way out.
      const std::size_t to = Reach(other);
      before_[to].push_back(index);
    }
  }

  // No thread can go on.
  void End(const State& state) {
    std::map<int, std::string> blocked;
    for (int t = 0; t < kThreads; ++t) {
      const ThreadState& thread = state.threads[t];
      if (thread.phase == Phase::kRunning) blocked[thread.number] = Waiting(state, t);
    }
    if (state.ended) {
      findings_.certain.insert(state.exit_code);
    } else if (blocked.empty()) {  // Main has ended by pthread_exit().
      findings_.outcomes.insert(0);
      findings_.certain.insert(0);
    } else {
      std::string text = "deadlock:";
      for (const auto& [number, doing] : blocked) {
        if (text.back() != ':') text += ',';
        text += " T" + std::to_string(number) + " " + doing;
      }
      findings_.failures.insert(text);
    }
  }

  // The states from which one of `ends` can be reached.
  std::vector<bool> Before(std::vector<bool> ends) const {
    std::vector<std::size_t> to_visit;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends[i]) to_visit.push_back(i);
    }
    while (!to_visit.empty()) {
      const std::size_t state = to_visit.back();
      to_visit.pop_back();
      for (const std::size_t before : before_[state]) {
        if (!ends[before]) to_visit.push_back(before);
        ends[before] = true;
      }
    }
    return ends;
  }

  // Whoever runs where no end can be reached runs for ever, be it as fair as can be: no failure once main has returned.
  void FindEndlessLoops() {
    const std::vector<bool> can_end = Before(ends_);
    std::vector<bool> ended = ends_;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (!states_[i]->ended) continue;
      ended[i] = true;
      if (!can_end[i]) findings_.certain.insert(states_[i]->exit_code);
    }
    const std::vector<bool> can_go_on = Before(std::move(ended));
    if (std::find(can_go_on.begin(), can_go_on.end(), false) != can_go_on.end()) findings_.failures.insert("no progress");
  }

  static constexpr RandomOperation kReturn = {Verb::k_end, 9};
  static constexpr RandomOperation kFinalLoad = {Verb::k_load, 9};

  // What the thread does next: its text, and then what belongs to its end.
  RandomOperation OperationOf(const State& state, int t) const {
    const ThreadState& thread = state.threads[t];
    const RandomThread& text = program_[t];
    if (thread.at < text.length) return text.operations[thread.at];
    for (std::uint8_t i = 0; i < 4; ++i) {
      if (state.mutexes[i].owner == t) return {Verb::k_unlock, i};
    }
    for (std::uint8_t i = 0; i < 2; ++i) {
      if (Holds(state.read_write_locks[i], t)) return {Verb::k_release, i};
    }
    for (std::uint8_t i = 0; i < kThreads; ++i) {
      if (thread.unjoined[i]) return {Verb::k_join, i};
    }
    if (t == 0 && !thread.ends_early && thread.final_loads < 2) return kFinalLoad;
    return kReturn;
  }

  static bool Holds(const ReadWriteLockState& lock, int t) { return lock.owner == t || lock.holds[t] > 0; }

  // The word for what the thread waits for.
  std::string Waiting(const State& state, int t) const {
    switch (OperationOf(state, t).verb) {
      case Verb::k_read_lock:
        return "lock shared";
      case Verb::k_acquire:
        return "acquire";
      case Verb::k_arrive:
        return "arrive";
      case Verb::k_join:
        return "join";
      case Verb::k_once:
      case Verb::k_throwing_once:
        return "enter once";
      case Verb::k_wait:
      case Verb::k_await:
        return state.threads[t].within == kAsleep ? "wait" : "lock";
      default:
        return "lock";
    }
  }

  // Everything below: the steps of one thread. `s` is a copy, changed and then put into `next`.

  void Add(State s, int t, Next& next) {
    ThreadState& thread = s.threads[t];
    if (thread.at < program_[t].length) ++thread.at;
    thread.within = 0;
    thread.seen = 0;
    thread.locked = thread.timed_out = false;
    next.states.push_back(s);
  }
  static void Add(State s, int t, std::uint8_t within, Next& next) {
    s.threads[t].within = within;
    next.states.push_back(s);
  }
  static void Read(State& s, int t, std::int64_t value) {
    Digest digest = Digest::Continue(s.threads[t].digest);
    digest.Add(static_cast<std::uint32_t>(value));
    s.threads[t].digest = digest.value();
  }
  static int Fresh(State& s, int t) { return 10 * (t + 1) + ++s.threads[t].fresh; }

  void Step(const State& state, int t, Next& next) {
    const auto [verb, which] = OperationOf(state, t);
    State s = state;
    if (verb < Verb::k_spin) {
      if (which == kFinalLoad.which) return FinalLoad(s, t, next);
      Access(s, t, verb, which, next);
    } else if (verb < Verb::k_lock) {
      Spin(s, t, verb, which, next);
    } else if (verb < Verb::k_read_lock) {
      Lock(s, t, verb, which, next);
    } else if (verb < Verb::k_wait) {
      LockForReadersOrWriter(s, t, verb, which, next);
    } else if (verb < Verb::k_signal) {
      Wait(s, t, verb, which, next);
    } else if (verb < Verb::k_yield) {
      Synchronise(s, t, verb, which, next);
    } else {
      Live(s, t, verb, which, next);
    }
  }

  // Notes the access, which is made now; what it acquires has been acquired, what it releases has not.
  void Note(State& s, int t, int which, bool write, bool atomic) {
    if (!plain_[which]) return;
    VariableState& variable = s.variables[which];
    Clock& clock = s.threads[t].clock;
    for (int other = 0; other < kThreads; ++other) {
      if (other == t) continue;
      for (const bool other_atomic : {false, true}) {
        for (const bool other_write : {false, true}) {
          const bool conflict = (write || other_write) && !(atomic && other_atomic);
          if (conflict && variable.last[other][other_atomic][other_write] > clock.at[other])
            findings_.races.insert(which);
        }
      }
    }
    variable.last[t][atomic][write] = ++clock.at[t];
  }
  int Load(State& s, int t, int which, bool relaxed = false) {
    ThreadState& thread = s.threads[t];
    (relaxed ? thread.to_acquire : thread.clock).Join(s.variables[which].released);
    Note(s, t, which, false, true);
    return s.variables[which].value;
  }
  void Store(State& s, int t, int which, int value, bool relaxed = false) {
    Note(s, t, which, true, true);
    s.variables[which].value = value;
    s.variables[which].released = relaxed ? s.threads[t].released_by_fence : s.threads[t].clock;
  }
  int Exchange(State& s, int t, int which, int value, bool relaxed = false) {
    ThreadState& thread = s.threads[t];
    VariableState& variable = s.variables[which];
    (relaxed ? thread.to_acquire : thread.clock).Join(variable.released);
    Note(s, t, which, true, true);
    variable.released.Join(relaxed ? thread.released_by_fence : thread.clock);
    return std::exchange(variable.value, value);
  }

  void FinalLoad(State s, int t, Next& next) {
    Read(s, t, Load(s, t, s.threads[t].final_loads++));
    next.states.push_back(s);
  }

  void Access(State s, int t, Verb verb, int which, Next& next) {
    const int value = s.variables[which].value;
    switch (verb) {
      case Verb::k_load:
      case Verb::k_load_relaxed:
        Read(s, t, Load(s, t, which, verb == Verb::k_load_relaxed));
        break;
      case Verb::k_store:
      case Verb::k_store_relaxed:
        Store(s, t, which, Fresh(s, t), verb == Verb::k_store_relaxed);
        break;
      case Verb::k_add:
      case Verb::k_add_relaxed:
        Read(s, t, Exchange(s, t, which, value + 1, verb == Verb::k_add_relaxed));
        break;
      case Verb::k_exchange:
        Read(s, t, Exchange(s, t, which, Fresh(s, t)));
        break;
      case Verb::k_cas:
      case Verb::k_weak_cas: {
        const int fresh = Fresh(s, t);
        if (value == 0 && verb == Verb::k_weak_cas && options_.weak_failures) {
          State failed = s;
          Load(failed, t, which);
          Read(failed, t, 0);
          Add(failed, t, next);
        }
        value == 0 ? Exchange(s, t, which, fresh) : Load(s, t, which);
        Read(s, t, value == 0);
        break;
      }
      case Verb::k_fence_acquire:
        s.threads[t].clock.Join(s.threads[t].to_acquire);
        break;
      case Verb::k_fence_release:
        s.threads[t].released_by_fence = s.threads[t].clock;
        break;
      case Verb::k_read:
        Note(s, t, which, false, false);
        Read(s, t, value);
        break;
      case Verb::k_write:
        Note(s, t, which, true, false);
        s.variables[which].value = Fresh(s, t);
        break;
      case Verb::k_choose:
        for (const int chosen : {0, 1}) {
          State other = s;
          Store(other, t, which, chosen);
          Add(other, t, next);
        }
        return;
      default:
        Load(s, t, which);
        if (verb == Verb::k_abort_if_one ? value == 1 : value >= 10) return Fail(s, t, "abort", next);
        break;
    }
    Add(s, t, next);
  }

  static void Fail(const State& s, int t, const char* what, Next& next) {
    next.failures.insert(std::string(what) + ": T" + std::to_string(s.threads[t].number));
  }

  void Spin(State s, int t, Verb verb, int which, Next& next) {
    const int within = s.threads[t].within;
    MutexState& mutex = s.mutexes[1];
    if (verb == Verb::k_poll && within == 0 && mutex.owner != t) {
      if (!Take(s, t, mutex)) return;
      s.threads[t].locked = true;
      return Add(s, t, 1, next);
    }
    if (within < 2) {
      const bool over = Load(s, t, which) != 0;
      if (s.threads[t].locked) {
        s.threads[t].seen = over;
        return Add(s, t, 2, next);
      }
      return over ? Add(s, t, next) : Add(s, t, 0, next);
    }
    GiveBack(s, t, mutex);
    const bool over = s.threads[t].seen != 0;
    s.threads[t].locked = false;
    s.threads[t].seen = 0;
    over ? Add(s, t, next) : Add(s, t, 0, next);
  }

  // False if another thread owns it.
  static bool Take(State& s, int t, MutexState& mutex) {
    if (mutex.owner != kNobody && mutex.owner != t) return false;
    mutex.owner = static_cast<std::int8_t>(t);
    if (++mutex.depth == 1) s.threads[t].clock.Join(mutex.released);
    return true;
  }
  static void GiveBack(State& s, int t, MutexState& mutex) {
    if (--mutex.depth > 0) return;
    mutex.owner = kNobody;
    mutex.released.Join(s.threads[t].clock);
  }

  void Lock(State s, int t, Verb verb, int which, Next& next) {
    constexpr int kRecursive = 2, kErrorChecking = 3;
    MutexState& mutex = s.mutexes[which];
    const bool mine = mutex.owner == t;
    const bool again = mine && which != kRecursive;
    int result = 0;
    switch (verb) {
      case Verb::k_lock:
        if (!again && !Take(s, t, mutex)) return;
        return Add(s, t, next);
      case Verb::k_unlock:
        if (mine) GiveBack(s, t, mutex);
        return Add(s, t, next);
      case Verb::k_unlock_anyway:
        if (!mine && which != kRecursive && which != kErrorChecking) return Fail(s, t, "misuse", next);
        if (mine) GiveBack(s, t, mutex);
        result = mine ? 0 : EPERM;
        break;
      case Verb::k_lock_again:
        if (again && which == kErrorChecking) {
          result = EDEADLK;
        } else if (again || !Take(s, t, mutex)) {
          return;
        }
        break;
      case Verb::k_try_lock:
        if (again || !Take(s, t, mutex)) result = EBUSY;
        break;
      default:  // A timed lock.
        if (again && which == kErrorChecking) {
          result = EDEADLK;
        } else if (again || !Take(s, t, mutex)) {
          result = ETIMEDOUT;
        }
        break;
    }
    Read(s, t, result);
    Add(s, t, next);
  }

  void LockForReadersOrWriter(State s, int t, Verb verb, int which, Next& next) {
    ReadWriteLockState& lock = s.read_write_locks[which];
    ThreadState& thread = s.threads[t];
    if (verb == Verb::k_release) {
      if (lock.owner == t) {
        lock.owner = kNobody;
        lock.released.Join(thread.clock);
      } else if (lock.holds[t] > 0) {
        --lock.holds[t];
        lock.released_by_readers.Join(thread.clock);
      }
      return Add(s, t, next);
    }
    const bool tries = verb == Verb::k_try_read_lock || verb == Verb::k_try_write_lock;
    const bool timed = verb == Verb::k_timed_read_lock || verb == Verb::k_timed_write_lock;
    const bool writes = verb == Verb::k_write_lock || verb == Verb::k_try_write_lock || verb == Verb::k_timed_write_lock;
    const bool prefers_writers = which == 1 && options_.writers_preferred;
    const bool waits = thread.within == 1;  // A writer that readers let go first.
    if (lock.owner == t && !tries) {
      Read(s, t, EDEADLK);
      return Add(s, t, next);
    }
    if (lock.owner == kNobody && (writes ? !lock.IsRead() : !prefers_writers || lock.writers_waiting == 0)) {
      if (waits) --lock.writers_waiting;
      thread.clock.Join(lock.released);
      if (writes) {
        thread.clock.Join(lock.released_by_readers);
        lock.owner = static_cast<std::int8_t>(t);
      } else {
        ++lock.holds[t];
      }
      Read(s, t, 0);
      return Add(s, t, next);
    }
    if (writes && !tries && prefers_writers && !waits) {
      State waiting = s;
      ++waiting.read_write_locks[which].writers_waiting;
      Add(waiting, t, 1, next);
    }
    if (!tries && !timed) return;
    if (waits) --lock.writers_waiting;
    Read(s, t, tries ? EBUSY : ETIMEDOUT);
    Add(s, t, next);
  }

  // How far a thread is within a wait.
  static constexpr std::uint8_t kBegun = 0, kLocked = 1, kAsleep = 2, kAwake = 3, kLockedAgain = 4, kUnlocking = 5;

  void Wait(State s, int t, Verb verb, int which, Next& next) {
    ThreadState& thread = s.threads[t];
    MutexState& mutex = s.mutexes[0];
    switch (thread.within) {
      case kBegun:
        if (mutex.owner == t) return WaitUnderMutex(s, t, verb, which, next);
        if (!Take(s, t, mutex)) return;
        thread.locked = true;
        return Add(s, t, kLocked, next);
      case kLocked:
        return WaitUnderMutex(s, t, verb, which, next);
      case kAsleep: {
        State awake = s;
        awake.conditions[which].Remove(t);
        awake.threads[t].within = kAwake;
        if (options_.spurious_wakeups) next.without_cause.push_back(awake);
        awake.threads[t].timed_out = true;
        if (verb == Verb::k_timed_wait) next.states.push_back(awake);
        return;
      }
      case kAwake:
        if (!Take(s, t, mutex)) return;
        if (verb == Verb::k_await) return Add(s, t, kLockedAgain, next);
        if (verb == Verb::k_timed_wait) Read(s, t, thread.timed_out ? ETIMEDOUT : 0);
        thread.timed_out = false;
        return thread.locked ? Add(s, t, kUnlocking, next) : Add(s, t, next);
      case kLockedAgain:
        return WaitUnderMutex(s, t, verb, which, next);
      default:
        GiveBack(s, t, mutex);
        return Add(s, t, next);
    }
  }

  // The mutex is held: look whether there is need to wait, and begin to.
  void WaitUnderMutex(State s, int t, Verb verb, int which, Next& next) {
    constexpr std::uint8_t kMustWait = 6;
    ThreadState& thread = s.threads[t];
    if (verb == Verb::k_await && thread.seen != kMustWait) {
      if (Load(s, t, 0) != 0) return thread.locked ? Add(s, t, kUnlocking, next) : Add(s, t, next);
      thread.seen = kMustWait;
      return Add(s, t, kLockedAgain, next);
    }
    thread.seen = 0;
    GiveBack(s, t, s.mutexes[0]);
    s.conditions[which].Add(t);
    Add(s, t, kAsleep, next);
  }

  void Synchronise(State s, int t, Verb verb, int which, Next& next) {
    ThreadState& thread = s.threads[t];
    SemaphoreState& semaphore = s.semaphores[which];
    switch (verb) {
      case Verb::k_signal: {
        const QueueState queue = s.conditions[which];
        for (int i = 0; i < queue.count; ++i) {
          State woken = s;
          woken.conditions[which].Remove(queue.threads[i]);
          woken.threads[queue.threads[i]].within = kAwake;
          Add(woken, t, next);
          if (!options_.any_waiter) break;
        }
        if (queue.count > 0) return;
        break;
      }
      case Verb::k_broadcast:
        for (int i = 0; i < s.conditions[which].count; ++i)
          s.threads[s.conditions[which].threads[i]].within = kAwake;
        s.conditions[which] = {};
        break;
      case Verb::k_post:
        ++semaphore.value;
        semaphore.released.Join(thread.clock);
        break;
      case Verb::k_acquire:
      case Verb::k_try_acquire:
      case Verb::k_timed_acquire: {
        const bool can = semaphore.value > 0;
        if (!can && verb == Verb::k_acquire) return;
        if (can) {
          --semaphore.value;
          thread.clock.Join(semaphore.released);
        }
        if (verb != Verb::k_acquire) Read(s, t, can ? 0 : -1);
        break;
      }
      case Verb::k_arrive:
        return Arrive(s, t, which, next);
      default:
        return Once(s, t, verb, which, next);
    }
    Add(s, t, next);
  }

  void Arrive(State s, int t, int which, Next& next) {
    BarrierState& barrier = s.barriers[which];
    if (barrier.waits[t]) return;
    barrier.waits[t] = true;
    if (++barrier.arrived < (which == 0 ? 2 : 3)) {
      next.states.push_back(s);
      return;
    }
    Clock all = {};
    for (int i = 0; i < kThreads; ++i) {
      if (barrier.waits[i]) all.Join(s.threads[i].clock);
    }
    for (int i = 0; i < kThreads; ++i) {
      if (!barrier.waits[i]) continue;
      s.threads[i].clock.Join(all);
      if (i != t) ++s.threads[i].at;
    }
    barrier = {};
    Add(s, t, next);
  }

  void Once(State s, int t, Verb verb, int which, Next& next) {
    OnceState& once = s.onces[verb == Verb::k_throwing_once ? 2 : which];
    ThreadState& thread = s.threads[t];
    constexpr std::uint8_t kEntered = 1, kLeaving = 2;
    if (thread.within == 0) {
      if (once.owner != kNobody) return;
      thread.clock.Join(once.released);
      if (once.done) {
        if (verb == Verb::k_throwing_once) Read(s, t, 0);
        return Add(s, t, next);
      }
      once.owner = static_cast<std::int8_t>(t);
      return Add(s, t, kEntered, next);
    }
    if (thread.within == kEntered) {
      if (verb == Verb::k_throwing_once) {
        thread.seen = Exchange(s, t, 1, s.variables[1].value + 1) == 0;
      } else if (which == 0) {
        Exchange(s, t, 0, s.variables[0].value + 1);
      } else {
        Note(s, t, 1, true, false);
        s.variables[1].value = 9;
      }
      return Add(s, t, kLeaving, next);
    }
    once.owner = kNobody;
    once.done = thread.seen == 0;
    once.released.Join(thread.clock);
    if (verb == Verb::k_throwing_once) Read(s, t, thread.seen);
    Add(s, t, next);
  }

  // Threads: their beginnings and ends.
  void Live(State s, int t, Verb verb, int which, Next& next) {
    ThreadState& thread = s.threads[t];
    switch (verb) {
      case Verb::k_create:
      case Verb::k_create_detached: {
        if (which >= kThreads || thread.created[which]) break;
        ThreadState& other = s.threads[which];
        thread.created[which] = true;
        thread.unjoined[which] = verb == Verb::k_create && !program_[which].detaches_itself;
        other.phase = Phase::kRunning;
        other.number = s.created++;
        other.digest = kNewDigest;
        other.clock.Join(thread.clock);
        break;
      }
      case Verb::k_join:
        if (which >= kThreads || !thread.unjoined[which]) break;
        if (s.threads[which].phase != Phase::kFinished) return;
        thread.unjoined[which] = false;
        thread.clock.Join(s.threads[which].clock);
        Read(s, t, s.threads[which].digest);
        break;
      case Verb::k_detach:
        if (which < kThreads) thread.unjoined[which] = false;
        break;
      case Verb::k_end:
        if (which == kReturn.which && thread.at == program_[t].length) return Finish(s, t, next);
        thread.at = static_cast<std::uint8_t>(program_[t].length);
        thread.ends_early = true;
        next.states.push_back(s);
        return;
      case Verb::k_leave:
        next.exit_codes.insert(100 + t);
        return;
      default:
        break;
    }
    Add(s, t, next);
  }

  void Finish(State s, int t, Next& next) {
    ThreadState& thread = s.threads[t];
    thread.phase = Phase::kFinished;
    if (t == 0 && !thread.ends_early) {
      s.ended = true;
      s.exit_code = ExitCodeOf(Digest::Continue(thread.digest));
    }
    next.states.push_back(s);
  }

  const ReferenceOptions options_;
  RandomThread program_[kThreads];
  bool plain_[10] = {};  // Variables that a plain access is made to: of these, what happens before what is of interest.
  ReferenceFindings findings_;
  std::unordered_map<State, std::size_t, HashOfState> known_;
  std::vector<const State*> states_;
  std::vector<bool> ends_;  // Whether the execution can end there.
  std::vector<std::vector<std::size_t>> before_;
};

}  // namespace
}  // namespace reference

ReferenceFindings Interpret(const std::vector<std::string>& program, const ReferenceOptions& options) {
  return reference::Interpreter(program, options).Run();
}

}  // namespace racelab
