// Decides whose turn it is: which threads can take the next step, and what happens if none can.

#include <stdio.h>

#include <algorithm>
#include <bit>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {
namespace {

constexpr int kEarlyTimeouts = 2;        // Consecutive ones of one sleep, while other threads could go on.
constexpr std::uint64_t kQuantum = 100;  // Steps in a row, after which other threads are preferred.
// Steps of one thread after the end of main(): a looping thread continues until the process is gone, which may be at
// any moment.
constexpr std::uint64_t kStepsAfterEnd = 100;

}  // namespace

void Execution::Schedule() {
  EndIfStorageIsLost();
  if (steps_ >= looks_for_livelock_from) [[unlikely]]
    LookForLivelock();
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
      const Search::Candidates candidates = Enabled();
      chosen = candidates.enabled != 0 ? ChooseAmong(candidates) : Stuck();
      if (chosen < 0) continue;
    }
    Take(chosen);
    return chosen;
  }
}

// Most steps repeat an earlier execution, so the thread that takes the step is known. The exception is a thread that
// was let on only because no other could go on (Stuck()): for it, the choice is made again.
int Execution::Repeat() {
  const int known = search_->Repeated();
  if (known == Search::kNew || !states.Is(ThreadState::kReady, known)) return Search::kNew;
  Thread& thread = threads[known];
  if (thread.spinning || !Possible(thread)) return Search::kNew;
  if (IsConditional(thread.pending)) Settle(thread.pending);
  return search_->Repeat(thread.pending) ? known : Search::kNew;
}

int Execution::ChooseAmong(const Search::Candidates& candidates) {
  for (ThreadSet rest = candidates.enabled; rest != 0; rest &= rest - 1) {
    Operation& operation = threads[Lowest(rest)].pending;
    if (IsConditional(operation)) Settle(operation);
  }
  const int chosen = search_->Choose(candidates, last_, pending_);
  if (chosen >= 0) return chosen;
  if (chosen == Search::kPaused) {
    if (recording != nullptr) RecordBlocked(candidates.enabled);
    Fail(FailureKind::kPaused, "several threads could go on");
  }
  if (search_->diverged()) {
    Fail(FailureKind::kNotDeterministic, "at step %zu the program does not do what it did before", search_->depth());
  }
  // A waiting thread might have come before the thread that it waits for. Without this, the race would be found only at
  // the end of the execution.
  for (ThreadSet ready = states.In(ThreadState::kReady) & ~candidates.enabled; ready != 0; ready &= ready - 1)
    search_->NotePending(Lowest(ready), threads[Lowest(ready)].pending);
  if (chosen == Search::kUnfair) {
    ++left_out.cut_at_steps;
    Break(ExecutionEnd::kBounded);
  }
  Break(ExecutionEnd::kSleepSetBlocked);
}

// The thread takes its turn: its pending operation is done.
void Execution::Take(int chosen) {
  ++progress_;
  if (++steps_ > max_steps) {
    ++left_out.cut_at_steps;
    Break(ExecutionEnd::kBounded);
  }
  if (chosen != last_) {
    ++turns_;
    streak_ = 0;
  }
  last_ = chosen;
  if (tired_ >> chosen & 1) tired_ = 0;  // All threads have had their turn.
  if (++streak_ >= kQuantum) tired_ |= Only(chosen);
  Thread& thread = threads[chosen];
  if (ending_) ++thread.steps_after_end;
  ThreadState was = ThreadState::kReady;
  if (states.Is(ThreadState::kWaiting, chosen)) [[unlikely]] {
    was = ThreadState::kWaiting;
    StopWaiting(thread);
  }
  if (thread.spinning) [[unlikely]]
    GoOnSpinning(thread);
  happens_before.Reached(search_->depth() - 1);
  if (recording != nullptr) Record(chosen, thread.pending, true);
  if (options.trace) [[unlikely]]
    Trace(thread);
  states.Move(chosen, was, ThreadState::kOnItsWay);
}

void Execution::Trace(const Thread& thread) const {
  const Operation& operation = thread.pending;
  Say("  %4zu T%d %-16s 0x%llx/%u at %p", search_->depth() - 1, thread.number, Name(operation.kind),
      static_cast<unsigned long long>(operation.address), operation.size, operation.pc);
}

void Execution::StopWaiting(Thread& thread) {
  if (thread.wakes_at == kNever) {
    thread.woke_up = true;
    ++choices_;
    thread.pending.kind = Kind::kSpuriousWakeUp;
  } else {
    thread.timed_out = true;
    ++thread.early_timeouts;
  }
}

// A thread in a loop without an effect continues although other threads could go on. If its loop ends by itself after a
// while, that is an execution like any other.
void Execution::GoOnSpinning(Thread& thread) {
  thread.spinning = false;
  if (HasChanged(thread)) return;
  if (search_->endless.Find(reinterpret_cast<std::uintptr_t>(thread.pending.pc)) != nullptr) {
    left_out.collapsed_spins = true;
    Break(ExecutionEnd::kSleepSetBlocked);
  }
  if (!thread.spin.patient()) thread.spin.BePatient();
  thread.runs_patiently = true;
}

// A cancellation also makes an operation possible whose wait it ends.
bool Execution::Possible(const Thread& thread) {
  return IsMemory(thread.pending.kind) || Primitives::Possible(thread.pending) ||
         (thread.IsCancelled() && EndsByCancellation(thread.pending.kind));
}

// The threads that can take the next step. Spinning threads are among them only if there are others; they come last.
Search::Candidates Execution::Enabled() {
  ThreadSet enabled = 0, spinning = 0, late = 0;
  for (ThreadSet ready = states.In(ThreadState::kReady); ready != 0; ready &= ready - 1) {
    const int slot = Lowest(ready);
    Thread& thread = threads[slot];
    if (ending_ && thread.steps_after_end >= kStepsAfterEnd) {
      ++left_out.cut_after_end;
      continue;
    }
    if (!Possible(thread)) continue;
    if (thread.spinning && !HasChanged(thread)) {
      spinning |= Only(slot);
    } else {
      enabled |= Only(slot);
    }
  }
  for (ThreadSet waiting = states.In(ThreadState::kWaiting); waiting != 0; waiting &= waiting - 1) {
    const int slot = Lowest(waiting);
    const Thread& thread = threads[slot];
    if (thread.wakes_at == kNever) continue;
    const bool can = punctual ? thread.wakes_at <= now : thread.early_timeouts < kEarlyTimeouts;
    if (can) late |= Only(slot);
    left_out.skipped_timeouts |= !can && !punctual;
  }
  if ((enabled | late) == 0) return {0, 0, 0};
  ThreadSet preferred = enabled & ~tired_;
  if (preferred == 0) preferred = enabled;
  if (preferred == 0) preferred = late;
  return {enabled | late | spinning | Wakeable(), preferred, spinning};
}

// The threads that may wake up without cause.
ThreadSet Execution::Wakeable() const {
  ThreadSet wakeable = 0;
  for (ThreadSet waiting = states.In(ThreadState::kWaiting); waiting != 0; waiting &= waiting - 1) {
    const Thread& thread = threads[Lowest(waiting)];
    if (thread.may_wake_up && thread.wakes_at == kNever) wakeable |= Only(Lowest(waiting));
  }
  return wakeable;
}

// No thread can go on: lets time pass for a sleeping thread, if there is one. All that was done so far happens before
// its step.
bool Execution::PassTime() {
  int first = -1;
  for (ThreadSet waiting = states.In(ThreadState::kWaiting); waiting != 0; waiting &= waiting - 1) {
    const int t = Lowest(waiting);
    if (threads[t].wakes_at == kNever) continue;
    if (first < 0 || (punctual && threads[t].wakes_at < threads[first].wakes_at)) first = t;
  }
  if (first < 0) return false;
  threads[first].early_timeouts = 0;
  if (!punctual) return true;
  now = std::max(now, threads[first].wakes_at);
  for (ThreadSet waiting = states.In(ThreadState::kWaiting); waiting != 0; waiting &= waiting - 1) {
    if (threads[Lowest(waiting)].wakes_at > now) continue;
    for (int t = 0; t < slots_; ++t) search_->Order(t, Lowest(waiting));
  }
  return true;
}

// No thread can go on. If a thread has been held back (it may time out, or its loop may end by itself), lets it
// continue, and returns -1. Otherwise the execution is over, unless it is to try a wake-up without cause: then returns
// the thread that wakes up.
int Execution::Stuck() {
  // After the end of the process, no thread need wait for ever: those that can wake up without cause do so.
  if (ending_) {
    const ThreadSet wakeable = Wakeable();
    if (wakeable == 0) EndProcess();
    return ChooseAmong({wakeable, wakeable, 0});
  }
  if (std::popcount(states.In(ThreadState::kFinished)) == slots_) End();
  if (PassTime()) return -1;
  bool spins = false;
  for (ThreadSet ready = states.In(ThreadState::kReady); ready != 0; ready &= ready - 1) {
    Thread& thread = threads[Lowest(ready)];
    if (!thread.spinning) continue;
    spins = true;
    if (thread.spin.BePatient()) {
      thread.spinning = false;
      return -1;
    }
  }
  const ThreadSet wakeable = Wakeable();
  if (wakeable != 0 && search_->RetriesEnd()) return ChooseAmong({wakeable, wakeable, 0});
  if (recording != nullptr) RecordBlocked(/*can_go_on=*/0);
  if (wakeable != 0) search_->OfferAtEnd(wakeable, last_, pending_);
  if (spins) Fail(FailureKind::kNoProgress, "a thread spins for ever: nothing can change what it waits for");
  char doing[512] = "";
  std::size_t length = 0;
  for (int t = 0; t < slots_ && length < sizeof doing; ++t) {
    if (states.Is(ThreadState::kFinished, t)) continue;
    length +=
        snprintf(doing + length, sizeof doing - length, "; T%d: %s", threads[t].number, Name(threads[t].pending.kind));
  }
  Fail(FailureKind::kDeadlock, "no thread can go on%s", doing);
}

}  // namespace racelab::interleave
