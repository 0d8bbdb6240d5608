// Whose turn it is: who can take the next step, and what happens where nobody can.

#include <stdio.h>

#include <algorithm>
#include <bit>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/kernel.h"
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
    if (const ThreadSet on_their_way = states.In(ThreadState::kOnItsWay); on_their_way != 0)
      return Lowest(on_their_way);
    int chosen = Repeat();
    if (chosen == Search::kNew) {
      const ThreadSet enabled = Enabled();
      if (enabled == 0) {
        Stuck();
        continue;
      }
      chosen = ChooseAmong(enabled);
    }
    Take(chosen);
    return chosen;
  }
}

// Most steps of most executions only repeat what an earlier one did: whose turn it is need not be worked out then. A
// thread that could not go on until others had been found unable to (Stuck()) takes the long way again.
int Execution::Repeat() {
  const int known = search_->Repeated();
  if (known == Search::kNew || !states.Is(ThreadState::kReady, known) || (held_back_ >> known & 1)) return Search::kNew;
  Thread& thread = threads[known];
  if (!Possible(thread)) return Search::kNew;
  if (IsConditional(thread.pending)) Resolve(thread.pending);
  return search_->Repeat(thread.pending) ? known : Search::kNew;
}

int Execution::ChooseAmong(ThreadSet enabled) {
  for (ThreadSet rest = enabled; rest != 0; rest &= rest - 1) {
    Operation& operation = threads[Lowest(rest)].pending;
    if (IsConditional(operation)) Resolve(operation);
  }
  const int chosen = search_->Choose(enabled, last_, pending_);
  if (chosen != Search::kRedundant) return chosen;
  if (search_->diverged()) {
    Fail(FailureKind::kNotDeterministic, "at step %zu the program does not do what it did before", search_->depth());
  }
  redundant = true;
  End();
}

// It is the thread's turn: it does what it is about to do.
void Execution::Take(int chosen) {
  ++progress_;
  if (++steps_ > max_steps) {
    Fail(FailureKind::kNoProgress, "no end after %llu steps", static_cast<unsigned long long>(max_steps));
  }
  if (chosen != last_) {
    held_back_ = 0;
    ++turns_;
  }
  last_ = chosen;
  held_back_ &= static_cast<ThreadSet>(~Only(chosen));
  Thread& thread = threads[chosen];
  if (states.Is(ThreadState::kWaiting, chosen)) {
    thread.timed_out = true;
    ++thread.early_timeouts;
  }
  thread.spinning = false;
  happens_before.Reached(search_->depth() - 1);
  if (recording != nullptr) Record(chosen, thread.pending, true);
  if (options.trace) {
    const Operation& operation = thread.pending;
    Say("  %4zu T%d %-16s 0x%llx/%u at %p", search_->depth() - 1, chosen, Name(operation.kind),
        static_cast<unsigned long long>(operation.address), operation.size, operation.pc);
  }
  states.Enter(chosen, ThreadState::kOnItsWay);
}

bool Execution::Possible(Thread& thread) {
  const Operation& operation = thread.pending;
  if (IsMemory(operation.kind)) return !thread.spinning || thread.spin.Changed(versions);
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
      return false;  // Until Finish() of the other, which lets it go on.
    case Kind::kDescriptorRead:
    case Kind::kDescriptorWrite:
    case Kind::kDescriptorPoll:
    case Kind::kSignalWait:
      return KernelAllows(operation);
    default:
      return !thread.spinning || thread.spin.Changed(versions);
  }
}

// Who can take the next step.
ThreadSet Execution::Enabled() {
  ThreadSet enabled = 0;
  for (ThreadSet ready = states.In(ThreadState::kReady) & ~held_back_; ready != 0; ready &= ready - 1) {
    if (Possible(threads[Lowest(ready)])) enabled |= Only(Lowest(ready));
  }
  for (ThreadSet waiting = states.In(ThreadState::kWaiting); waiting != 0; waiting &= waiting - 1) {
    const Thread& thread = threads[Lowest(waiting)];
    if (thread.wakes_at == kNever) continue;
    const bool can = punctual ? thread.wakes_at <= now : thread.early_timeouts < kEarlyTimeouts;
    if (can) enabled |= Only(Lowest(waiting));
    skipped_timeouts |= !can && !punctual;
  }
  return enabled;
}

// No thread can go on: lets time pass for one that sleeps, if there is one. All that was done so far came before.
bool Execution::PassTime() {
  int first = -1;
  for (int t = 0; t < count_; ++t) {
    if (!states.Is(ThreadState::kWaiting, t) || threads[t].wakes_at == kNever) continue;
    if (first < 0 || (punctual && threads[t].wakes_at < threads[first].wakes_at)) first = t;
  }
  if (first < 0) return false;
  threads[first].early_timeouts = 0;
  if (!punctual) return true;
  now = std::max(now, threads[first].wakes_at);
  for (int sleeper = 0; sleeper < count_; ++sleeper) {
    if (!states.Is(ThreadState::kWaiting, sleeper) || threads[sleeper].wakes_at > now) continue;
    for (int t = 0; t < count_; ++t) search_->Order(t, sleeper);
  }
  return true;
}

// No thread can go on. Lets one that held back do so (one that yielded, one that may time out, one whose loop may end
// by itself); if there is none, the execution is over.
void Execution::Stuck() {
  if (const ThreadSet held_back = states.In(ThreadState::kReady) & held_back_; held_back != 0) {
    held_back_ &= static_cast<ThreadSet>(~Only(Lowest(held_back)));
    return;
  }
  if (std::popcount(states.In(ThreadState::kFinished)) == count_) End();
  if (PassTime()) return;
  bool spins = false;
  for (ThreadSet ready = states.In(ThreadState::kReady); ready != 0; ready &= ready - 1) {
    Thread& thread = threads[Lowest(ready)];
    if (!thread.spinning) continue;
    spins = true;
    if (thread.spin.BePatient()) {
      thread.spinning = false;
      return;
    }
  }
  if (recording != nullptr) RecordBlocked();
  if (spins) Fail(FailureKind::kNoProgress, "a thread spins for ever: nothing can change what it waits for");
  char doing[512] = "";
  std::size_t length = 0;
  for (int t = 0; t < count_ && length < sizeof doing; ++t) {
    if (states.Is(ThreadState::kFinished, t)) continue;
    length += snprintf(doing + length, sizeof doing - length, "; T%d: %s", t, Name(threads[t].pending.kind));
  }
  Fail(FailureKind::kDeadlock, "no thread can go on%s", doing);
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
    case Kind::kDescriptorRead:
    case Kind::kDescriptorWrite:
      operation.gives_first = GivesFirst(operation);
      break;
    default:
      break;
  }
}

}  // namespace racelab::interleave
