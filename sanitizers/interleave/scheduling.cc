// Whose turn it is: who can take the next step, and what happens where nobody can.

#include <stdio.h>

#include <algorithm>
#include <bit>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {
namespace {

constexpr int kEarlyTimeouts = 2;  // Of a sleep, in a row, while other threads could go on.

}  // namespace

void Execution::Schedule() {
  EndIfStorageIsLost();
  const int previous = current;
  const int next = Next();
  if (next == previous) return;
  Become(next);
  Switch(threads[previous].fibre, threads[next].fibre);
}

int Execution::Next() {
  for (;;) {
    for (int t = 0; t < count_; ++t) {
      if (threads[t].state == ThreadState::kOnItsWay) return t;
    }
    int joins = -1;
    const ThreadSet enabled = Enabled(joins);
    if (joins >= 0) {
      threads[joins].state = ThreadState::kOnItsWay;
      if (recording != nullptr) Record(joins, threads[joins].pending, false);
      return joins;
    }
    if (enabled == 0) {
      Stuck();
      continue;
    }
    if (++steps_ > max_steps) {
      Fail(FailureKind::kNoProgress, "no end after %llu steps", static_cast<unsigned long long>(max_steps));
    }
    for (ThreadSet rest = enabled; rest != 0; rest &= rest - 1) {
      Operation& operation = threads[std::countr_zero(rest)].pending;
      if (IsConditional(operation)) Resolve(operation);
    }
    const int chosen = search_->Choose(enabled, last_, pending_);
    if (chosen == Search::kRedundant) {
      if (search_->diverged()) {
        Fail(FailureKind::kNotDeterministic, "at step %zu the program does not do what it did before",
             search_->depth());
      }
      redundant = true;
      End();
    }
    if (chosen != last_) {
      for (int t = 0; t < count_; ++t) {
        if (t == chosen) continue;
        threads[t].yields = 0;
        threads[t].yielded = false;
      }
    }
    last_ = chosen;
    Thread& thread = threads[chosen];
    if (thread.state == ThreadState::kWaiting) {
      thread.timed_out = true;
      ++thread.early_timeouts;
    }
    thread.spinning = false;
    thread.yielded = false;
    if (recording != nullptr) Record(chosen, thread.pending, true);
    if (options.trace) {
      const Operation& operation = thread.pending;
      Say("  %4zu T%d %-16s 0x%llx/%u at %p", search_->depth() - 1, chosen, Name(operation.kind),
          static_cast<unsigned long long>(operation.address), operation.size, operation.pc);
    }
    thread.state = ThreadState::kOnItsWay;
    return chosen;
  }
}

bool Execution::Possible(Thread& thread) {
  const Operation& operation = thread.pending;
  switch (operation.kind) {
    case Kind::kLock:
    case Kind::kOnceEnter: {
      const Mutex* mutex = mutexes.Find(operation.address);
      return mutex == nullptr || (mutex->owner < 0 && mutex->readers == 0);
    }
    case Kind::kLockShared: {
      const Mutex* mutex = mutexes.Find(operation.address);
      return mutex == nullptr || mutex->owner < 0;
    }
    case Kind::kAcquire:
      return *reinterpret_cast<const std::uint32_t*>(operation.address) > 0;
    case Kind::kJoin:
      return threads[operation.address].state == ThreadState::kFinished;
    default:
      return !thread.spinning || thread.spin.Changed(versions);
  }
}

// Who can take the next step. A thread whose join is possible goes on at once: `joins`, where there is one.
ThreadSet Execution::Enabled(int& joins) {
  ThreadSet enabled = 0;
  for (int t = 0; t < count_; ++t) {
    Thread& thread = threads[t];
    bool can = false;
    if (thread.state == ThreadState::kReady) {
      can = !thread.yielded && Possible(thread);
      if (can && thread.pending.kind == Kind::kJoin) {
        joins = t;
        return 0;
      }
    } else if (thread.state == ThreadState::kWaiting && thread.wakes_at != kNever) {
      can = punctual ? thread.wakes_at <= now : thread.early_timeouts < kEarlyTimeouts;
      skipped_timeouts |= !can && !punctual;
    }
    enabled |= static_cast<ThreadSet>(can << t);
  }
  return enabled;
}

// No thread can go on: lets time pass for one that sleeps, if there is one. All that was done so far came before.
bool Execution::PassTime() {
  int first = -1;
  for (int t = 0; t < count_; ++t) {
    if (threads[t].state != ThreadState::kWaiting || threads[t].wakes_at == kNever) continue;
    if (first < 0 || (punctual && threads[t].wakes_at < threads[first].wakes_at)) first = t;
  }
  if (first < 0) return false;
  threads[first].early_timeouts = 0;
  if (!punctual) return true;
  now = std::max(now, threads[first].wakes_at);
  for (int sleeper = 0; sleeper < count_; ++sleeper) {
    if (threads[sleeper].state != ThreadState::kWaiting || threads[sleeper].wakes_at > now) continue;
    for (int t = 0; t < count_; ++t) search_->Order(t, sleeper);
  }
  return true;
}

// No thread can go on. Lets one that held back do so (one that yielded, one that may time out, one whose loop may end
// by itself); if there is none, the execution is over.
void Execution::Stuck() {
  bool all_finished = true, spins = false;
  for (int t = 0; t < count_; ++t) {
    Thread& thread = threads[t];
    all_finished &= thread.state == ThreadState::kFinished;
    if (thread.state == ThreadState::kReady && thread.yielded) {
      thread.yielded = false;
      return;
    }
  }
  if (all_finished) End();
  if (PassTime()) return;
  for (int t = 0; t < count_; ++t) {
    Thread& thread = threads[t];
    if (thread.state != ThreadState::kReady || !thread.spinning) continue;
    spins = true;
    if (thread.spin.BePatient()) {
      thread.spinning = false;
      return;
    }
  }
  if (recording != nullptr) RecordBlocked();
  if (spins) Fail(FailureKind::kNoProgress, "a thread spins for ever: nothing can change what it waits for");
  char states[512] = "";
  std::size_t length = 0;
  for (int t = 0; t < count_ && length < sizeof states; ++t) {
    if (threads[t].state == ThreadState::kFinished) continue;
    length += snprintf(states + length, sizeof states - length, "; T%d: %s", t, Name(threads[t].pending.kind));
  }
  Fail(FailureKind::kDeadlock, "no thread can go on%s", states);
}

// What a conditional operation will turn out to be, done now.
void Execution::Resolve(Operation& operation) {
  if (operation.compares) {
    operation.writes = Value(operation.address, operation.size) == operation.expected;
    operation.kind = operation.writes ? Kind::kCompareExchange : Kind::kLoad;
  }
  switch (operation.kind) {
    case Kind::kTryLock:
    case Kind::kTryLockShared: {
      const Mutex* mutex = mutexes.Find(operation.address);
      const bool shared = operation.kind == Kind::kTryLockShared;
      const bool free = mutex == nullptr || (mutex->owner < 0 && (shared || mutex->readers == 0));
      operation.writes = free && !shared;
      break;
    }
    case Kind::kTryAcquire:
      operation.writes = *reinterpret_cast<const std::uint32_t*>(operation.address) > 0;
      break;
    case Kind::kRelease:
      operation.gives_first = *reinterpret_cast<const std::uint32_t*>(operation.address) == 0;
      break;
    default:
      break;
  }
}

}  // namespace racelab::interleave
