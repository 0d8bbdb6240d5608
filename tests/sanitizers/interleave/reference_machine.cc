#include "tests/sanitizers/interleave/reference_machine.h"

#include <algorithm>
#include <utility>

namespace racelab::reference {

Machine::Machine(const std::vector<std::string>& program, const ReferenceOptions& options) : options_(options) {
  for (std::size_t i = 0; i < program.size() && i < std::size(program_); ++i)
    understood_ &= ParseRandomThread(program[i].c_str(), program_[i]);
  for (int t = 0; t < kThreads; ++t) {
    for (int i = 0; i < program_[t].length; ++i) {
      const auto [verb, which] = program_[t].operations[i];
      const bool guarded = verb == Verb::k_read_if || verb == Verb::k_write_if || verb == Verb::k_write_unless;
      guarded_[t] |= guarded;
      if (guarded || verb == Verb::k_read || verb == Verb::k_write) plain_[which] = true;
      if (verb == Verb::k_once && which == 1) plain_[1] = true;
    }
  }
}

State Machine::First() const {
  State first;
  first.threads[0].phase = Phase::kRunning;
  first.threads[0].digest = Digest().value();
  first.created = 1;
  return first;
}

// The thread's next operation: first the operations in its text, then those at its end.
RandomOperation Machine::OperationOf(const State& state, int t) const {
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

// The name of the operation in which the thread waits.
std::string Machine::Waiting(const State& state, int t) const {
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

void Machine::Add(State s, int t, Next& next) {
  ThreadState& thread = s.threads[t];
  if (thread.at < program_[t].length) ++thread.at;
  thread.within = 0;
  thread.seen = 0;
  thread.locked = thread.timed_out = false;
  next.states.push_back(s);
}

void Machine::Add(State s, int t, std::uint8_t within, Next& next) {
  s.threads[t].within = within;
  next.states.push_back(s);
}

void Machine::Read(State& s, int t, std::int64_t value) const {
  Digest digest = Digest::Continue(s.threads[t].digest);
  digest.Add(static_cast<std::uint32_t>(value));
  s.threads[t].digest = digest.value();
  s.threads[t].has_read = guarded_[t] && value != 0;
}

int Machine::Fresh(State& s, int t) { return 10 * (t + 1) + ++s.threads[t].fresh; }

void Machine::Step(const State& state, int t, Next& next) {
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

// Records the access; call this after the operation's acquire and before its release.
void Machine::Note(State& s, int t, int which, bool write, bool atomic) {
  if (!plain_[which]) return;
  VariableState& variable = s.variables[which];
  Clock& clock = s.threads[t].clock;
  for (int other = 0; other < kThreads; ++other) {
    if (other == t) continue;
    for (const bool other_atomic : {false, true}) {
      for (const bool other_write : {false, true}) {
        const bool conflict = (write || other_write) && !(atomic && other_atomic);
        if (conflict && variable.last[other][other_atomic][other_write] > clock.at[other]) races_.insert(which);
      }
    }
  }
  variable.last[t][atomic][write] = ++clock.at[t];
}

int Machine::Load(State& s, int t, int which, bool relaxed) {
  ThreadState& thread = s.threads[t];
  (relaxed ? thread.to_acquire : thread.clock).Join(s.variables[which].released);
  Note(s, t, which, false, true);
  return s.variables[which].value;
}

void Machine::Store(State& s, int t, int which, int value, bool relaxed) {
  Note(s, t, which, true, true);
  s.variables[which].value = value;
  s.variables[which].released = relaxed ? s.threads[t].released_by_fence : s.threads[t].clock;
}

int Machine::Exchange(State& s, int t, int which, int value, bool relaxed) {
  ThreadState& thread = s.threads[t];
  VariableState& variable = s.variables[which];
  (relaxed ? thread.to_acquire : thread.clock).Join(variable.released);
  Note(s, t, which, true, true);
  variable.released.Join(relaxed ? thread.released_by_fence : thread.clock);
  return std::exchange(variable.value, value);
}

void Machine::FinalLoad(State s, int t, Next& next) {
  Read(s, t, Load(s, t, s.threads[t].final_loads++));
  next.states.push_back(s);
}

void Machine::Access(State s, int t, Verb verb, int which, Next& next) {
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
      if (value == 0 && verb == Verb::k_weak_cas && options_.weak_failures && HasCompany(s)) {
        std::uint8_t& failed_at = s.threads[t].failed_at;
        if (failed_at != which + 1) {
          State failed = s;
          failed.threads[t].failed_at = static_cast<std::uint8_t>(which + 1);
          Load(failed, t, which);
          Read(failed, t, 0);
          Add(failed, t, next);
        }
        failed_at = 0;
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
    case Verb::k_read_if:
      if (!s.threads[t].has_read) break;
      [[fallthrough]];
    case Verb::k_read:
      Note(s, t, which, false, false);
      Read(s, t, value);
      break;
    case Verb::k_write_if:
    case Verb::k_write_unless:
      if (s.threads[t].has_read != (verb == Verb::k_write_if)) break;
      [[fallthrough]];
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

void Machine::Fail(const State& s, int t, const char* what, Next& next) {
  next.failures.insert(std::string(what) + ": T" + std::to_string(s.threads[t].number));
}

// The beginnings and ends of threads.
void Machine::Live(State s, int t, Verb verb, int which, Next& next) {
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
      other.digest = Digest().value();
      other.clock.Join(thread.clock);
      break;
    }
    case Verb::k_join:
      if (which >= kThreads || !thread.unjoined[which]) break;
      if (s.threads[which].phase != Phase::kFinished) return;
      thread.unjoined[which] = false;
      ++s.joined;
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

void Machine::Finish(State s, int t, Next& next) {
  ThreadState& thread = s.threads[t];
  thread.phase = Phase::kFinished;
  if (t == 0 && !thread.ends_early) {
    s.ended = true;
    s.exit_code = ExitCodeOf(Digest::Continue(thread.digest));
  }
  next.states.push_back(s);
}

}  // namespace racelab::reference
