// The reference interpreter's mutexes and read-write locks.

#include <cerrno>

#include "tests/sanitizers/interleave/reference_machine.h"

namespace racelab::reference {

void Machine::Spin(State s, int t, Verb verb, int which, Next& next) {
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

// Returns false if another thread owns it.
bool Machine::Take(State& s, int t, MutexState& mutex) {
  if (mutex.owner != kNobody && mutex.owner != t) return false;
  mutex.owner = static_cast<std::int8_t>(t);
  if (++mutex.depth == 1) s.threads[t].clock.Join(mutex.released);
  return true;
}

void Machine::GiveBack(State& s, int t, MutexState& mutex) {
  if (--mutex.depth > 0) return;
  mutex.owner = kNobody;
  mutex.released.Join(s.threads[t].clock);
}

void Machine::Lock(State s, int t, Verb verb, int which, Next& next) {
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

void Machine::LockForReadersOrWriter(State s, int t, Verb verb, int which, Next& next) {
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
  const bool waits = thread.within == 1;  // A writer that lets readers go first.
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

}  // namespace racelab::reference
