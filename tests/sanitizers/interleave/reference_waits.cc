// The reference interpreter's waits, except for locks: condition variables, semaphores, barriers, and call_once.

#include <cerrno>

#include "tests/sanitizers/interleave/reference_machine.h"

namespace racelab::reference {

void Machine::Wait(State s, int t, Verb verb, int which, Next& next) {
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
      if (options_.spurious_wakeups && HasCompany(s)) next.without_cause.push_back(awake);
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

// The mutex is held: checks whether to wait and, if so, begins the wait.
void Machine::WaitUnderMutex(State s, int t, Verb verb, int which, Next& next) {
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

void Machine::Synchronise(State s, int t, Verb verb, int which, Next& next) {
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
      for (int i = 0; i < s.conditions[which].count; ++i) s.threads[s.conditions[which].threads[i]].within = kAwake;
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

void Machine::Arrive(State s, int t, int which, Next& next) {
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

void Machine::Once(State s, int t, Verb verb, int which, Next& next) {
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

}  // namespace racelab::reference
