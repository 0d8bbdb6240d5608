#include "sanitizers/interleave/execution.h"

#include <string.h>

#include <algorithm>

#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/model/freed_memory.h"
#include "sanitizers/interleave/model/thread_memory.h"
#include "sanitizers/interleave/mutation.h"
#include "sanitizers/interleave/older_values.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/signals.h"

namespace racelab::interleave {
namespace {

// More than the yields of a loop that yields a few times (libstdc++: 4) before it sleeps: giving way there would only
// lengthen the search. Such loops are recognised by their reads; this limit is for loops that lock.
constexpr int kYieldsBeforeGivingWay = 8;
constexpr std::uintptr_t kOfLock = std::uintptr_t{1} << 63;  // The spinning thread polls a lock.

}  // namespace

Execution execution;

void BeginThread() {
  Thread& thread = execution.me();
  if (execution.current == 0) {
    execution.body_(execution.argument_);
  } else {
    thread.result = thread.function(thread.argument);
  }
  execution.Finish();
}

void Execution::Run(Search& search, void (*body)(void*), void* argument) {
  // Nothing can be repeated from an execution of another search.
  const std::size_t same = &search == search_ ? search.repeated() : 0;
  search_ = &search;
  body_ = body;
  argument_ = argument;
  count_ = 0;
  slots_ = 0;
  unjoined_ = 0;
  ending_ = false;
  steps_ = turns_ = streak_ = 0;
  last_ = kMaxThreads;
  states.Forget();
  tired_ = in_handler = woken_in_handler = waits_after_handler = 0;
  livelock_ = {};
  Primitives::Forget();
  changes_.Forget();
  moment_ = 0;
  seen_values.Forget();
  expected_races.Forget();
  if (mutations.active) mutations.BeginExecution();
  freed_memory.BeginExecution();
  thread_memory.BeginExecution();
  happens_before.BeginExecution(older_values.active ? 0 : same);  // The loadable values must be recomputed.
  search.BeginExecution();
  now = begins_at;
  computed = computed_before;
  punctual = false;
  creations_may_fail = 0;
  failure.kind = FailureKind::kNone;
  failure.surroundings = -1;
  failure.livelock_at = 0;
  end = ExecutionEnd::kOfItself;
  exit_code = 0;
  at_exit.clear();
  at_quick_exit.clear();
  controller_.thread_pointer = ThreadPointer();
  Create(nullptr, nullptr);
  unjoined_ = 0;
  Become(0);
  ++progress_;
  ++runs_;
  live = true;
  DispatchCalls(true);
  Switch(controller_, threads[0].fibre);
  DispatchCalls(false);
  live = false;
  if (options.trace) Say("  %s", end == ExecutionEnd::kOfItself ? Name(failure.kind) : "cut short");
}

// A slot that has never been used, or the slot of a finished thread whose end happens before the creation: then the new
// thread's actions are ordered after the old thread's anyway, so sharing a clock entry adds no order. Repeated steps
// get the same slots again.
int Execution::FreeSlot() {
  const auto number = static_cast<std::size_t>(count_);
  if (number < slots_given_.size() && happens_before.repeating()) return slots_given_[number];
  slots_given_.resize(number);
  int slot = 0;
  const ThreadSet finished = states.In(ThreadState::kFinished) & ~Only(0);
  for (ThreadSet rest = number == 0 ? 0 : finished; rest != 0; rest &= rest - 1) {
    const Thread& last = threads[Lowest(rest)];
    if ((last.joined || last.detached) && happens_before.Knows(current, Lowest(rest))) {
      slot = Lowest(rest);
      break;
    }
  }
  if (slot == 0) slot = slots_;
  if (slot == kMaxThreads)
    Fail(FailureKind::kUnsupported, "more than %d threads, of which none is known to have ended", kMaxThreads);
  if (slot >= VectorClock::slots()) Break(ExecutionEnd::kOutgrown);
  slots_given_.push_back(static_cast<std::uint8_t>(slot));
  return slot;
}

int Execution::Create(void* (*function)(void*), void* argument) {
  const int slot = FreeSlot();
  const int number = count_++;
  slots_ = std::max(slots_, slot + 1);
  Thread& thread = threads[slot];
  states.Enter(slot, ThreadState::kOnItsWay);
  thread_memory.Begin(slot);
  tired_ &= ~Only(slot);
  static_cast<FreshThread&>(thread) = {};
  thread.number = number;
  thread.function = function;
  thread.argument = argument;
  thread.held.clear();
  thread.freed.clear();
  thread.woken_at.Forget();
  thread.spin.Forget();
  thread.destructors.clear();
  thread.pending_onces.clear();
  thread.cleanups.clear();
  pending_[slot] = &thread.pending;
  open_event_[slot] = surroundings_[slot] = -1;
  if (number != 0 && keys_in_use > 0) memset(thread.specific, 0, keys_in_use * sizeof thread.specific[0]);
  memcpy(thread.name, number == 0 ? name_of_process : me().name, sizeof thread.name);
  RestoreThreadLocals(slot);
  Prepare(thread.fibre, BeginThread);
  ReadFloatingPoint(thread.fibre.floating_point);  // Inherited from the creating thread.
  if (number != 0) {
    thread.blocked_signals = me().blocked_signals;
    ForgetSignalsOf(slot);
    happens_before.Created(current, slot);
    search_->Order(current, slot);
    ++unjoined_;
  }
  return slot;
}

std::uint32_t Execution::ChangesOf(std::uintptr_t address) {
  const Changes* changes = changes_.Find(address);
  return changes == nullptr ? 0 : changes->count;
}

std::uint32_t Execution::HandOversOf(std::uintptr_t lock_address) {
  const Lock* lock = locks.Find(lock_address);
  return lock == nullptr ? 0 : lock->hand_overs;
}

// Whether the memory has changed since the moment `since` or, for a lock, whether it has been handed over more than
// `since` times.
bool Execution::HasChangedSince(std::uintptr_t what, std::uint32_t since) {
  if ((what & kOfLock) != 0) return HandOversOf(what & ~kOfLock) != since;
  const Changes* changes = changes_.Find(what);
  return changes != nullptr && changes->latest > since;
}

static bool IsMemoryAddress(std::uintptr_t looked_at) { return (looked_at & kOfLock) == 0; }

bool Execution::HasChanged(const Thread& thread) {
  return thread.spin.Changed([this](std::uintptr_t what, std::uint32_t since) {
    return HasChangedSince(what, since);
  }) || thread.spin.ChangedUnseen(IsMemoryAddress);
}

// The running thread has reached its next operation.
Thread& Execution::Arrive() {
  if (recording != nullptr) NoteValueAfter(current);
  Thread& thread = me();
  thread.quiet_accesses = thread.quiet_calls = 0;
  thread.spinning = false;
  if (looks_for_stale_pointers > 0 && !thread.freed.empty()) LookForStalePointers();
  return thread;
}

// Whether the operation of a thread in a loop without an effect is a step nevertheless.
bool Execution::IsStepOfSpin(Thread& thread, SpinWatch::Look look) {
  const Operation& operation = thread.pending;
  if (look == SpinWatch::Look::kRepeat) {
    left_out.collapsed_spins = true;
    if (operation.kind != Kind::kLock && !IsTryLock(operation.kind)) return false;
    if (!locks.Possible(operation) && !IsTryLock(operation.kind)) return true;
    if (IsTryLock(operation.kind)) locks.Settle(thread.pending);
    return false;
  }
  if (thread.runs_patiently) {  // Its loop does not end by itself, so no fair schedule lets it continue here.
    search_->endless[reinterpret_cast<std::uintptr_t>(operation.pc)] = true;
    left_out.collapsed_spins = true;
    Break(ExecutionEnd::kSleepSetBlocked);
  }
  thread.spin.KeepValues(IsMemoryAddress);
  thread.spinning = true;
  if (mutations.active) mutations.At(SiteKind::kSpin, operation.pc);
  return true;
}

void Execution::DoPending() {
  Thread& thread = Arrive();
  if (library_calls_are_steps) [[unlikely]]
    MeetLibraries(thread.pending);
  const Operation& operation = thread.pending;
  const bool looks_at_lock = operation.kind == Kind::kLock || IsTryLock(operation.kind);
  if (operation.rereads || looks_at_lock) {
    const std::uintptr_t what = looks_at_lock ? operation.address | kOfLock : operation.address;
    const SpinWatch::Look look =
        thread.spin.Note(what, operation.pc, looks_at_lock ? HandOversOf(operation.address) : moment_,
                         [this](std::uintptr_t seen, std::uint32_t since) { return HasChangedSince(seen, since); });
    if (look != SpinWatch::Look::kStep && !IsStepOfSpin(thread, look)) [[unlikely]]
      return;
  } else if (!IsMemory(operation.kind) && !IsUnlock(operation.kind)) {
    thread.spin.Forget();
  }
  if (!concurrent() && Possible(thread) && !thread.spinning) {
    if (IsConditional(operation)) Settle(thread.pending);
    return;
  }
  if (recording != nullptr) RecordSurroundings(operation);
  states.Move(current, ThreadState::kOnItsWay, ThreadState::kReady);
  Schedule();
  if (library_calls_are_steps) [[unlikely]]
    LookForUnseenStore(me().pending);
}

Execution::WokenBy Execution::Sleep(std::int64_t wakes_at, const Operation& timeout, bool may_wake_up) {
  Thread& thread = me();
  thread.wakes_at = wakes_at;
  thread.timed_out = thread.woke_up = false;
  left_out.spurious_wakeups |= may_wake_up && punctual;
  thread.may_wake_up =
      may_wake_up && options.spurious && !punctual && concurrent() && thread.woken_at.MayWakeUpAt(timeout.pc);
  thread.pending = timeout;
  if (recording != nullptr) RecordSurroundings(timeout);
  states.Enter(current, ThreadState::kWaiting);
  Schedule();
  if (thread.woke_up) {
    thread.woken_at.Add(timeout.pc);
    return WokenBy::kNothing;
  }
  if (!thread.timed_out) {
    thread.woken_at.Forget();
    return WokenBy::kThread;
  }
  if (thread.may_wake_up && Choose(2, timeout.pc) == 1) {
    thread.woken_at.Add(timeout.pc);
    return WokenBy::kNothing;
  }
  thread.woken_at.Forget();
  now = std::max(now, wakes_at);
  if (mutations.active) mutations.At(SiteKind::kSleep, timeout.pc);
  return WokenBy::kTime;
}

void Execution::Wake(int thread, std::uintptr_t queue) {
  const Thread& woken = threads[thread];
  if (woken.may_wake_up || woken.wakes_at != kNever) search_->NoteForgone(thread, woken.pending);
  const bool sleeps_here = states.Is(ThreadState::kWaiting, thread) && woken.pending.address == queue;
  // A thread may be woken while its signal handler runs, from a wait that began before the handler.
  if ((in_handler >> thread & 1) != 0 && !sleeps_here) {
    woken_in_handler |= Only(thread);
  } else {
    states.Enter(thread, ThreadState::kOnItsWay);
  }
  search_->Order(current, thread);
}

void Execution::WaitOn(ThreadState state) {
  states.Enter(current, state);
  Schedule();
  if (state == ThreadState::kWaiting && me().timed_out) now = std::max(now, me().wakes_at);
}

void Execution::Yield(const void* pc) {
  if (mutations.active) mutations.At(SiteKind::kSleep, pc);
  Thread& thread = me();
  if (!concurrent()) return;
  if (pc != thread.yields_at || turns_ != thread.yields_in) thread.yields = 0;
  thread.yields_at = pc;
  thread.yields_in = turns_;
  if (++thread.yields <= kYieldsBeforeGivingWay) return;
  Operation yield;
  yield.kind = Kind::kYield;
  yield.pc = pc;
  GiveWay(yield);
}

void Execution::GiveWay(const Operation& operation) {
  if (!concurrent()) return;
  Thread& thread = Arrive();
  thread.pending = operation;
  tired_ |= Only(current);
  states.Enter(current, ThreadState::kReady);
  Schedule();
}

int Execution::Choose(int count, const void* pc, bool shown) {
  if (count < 1 || count > kMostValues) {
    Fail(FailureKind::kUnsupported, "a choice between %d values; 1 to %d are possible", count, kMostValues);
  }
  if (count == 1) return 0;
  ++choices_;
  const int value = search_->ChooseValue(current, count);
  if (value == Search::kSleepSetBlocked) {
    if (!search_->diverged()) Break(ExecutionEnd::kSleepSetBlocked);
    Fail(FailureKind::kNotDeterministic, "at step %zu the program does not do what it did before", search_->depth());
  }
  happens_before.Reached(search_->depth() - 1);
  if (shown && recording != nullptr) RecordChoice(value, pc);
  if (options.trace) Say("  %4zu T%d %-16s %d of %d", search_->depth() - 1, current, Name(Kind::kChoice), value, count);
  return value;
}

bool Execution::Join(int target, const void* pc) {
  Thread& thread = Arrive();
  thread.spin.Forget();
  thread.pending = {};
  thread.pending.kind = Kind::kJoin;
  thread.pending.address = static_cast<std::uintptr_t>(target);
  thread.pending.pc = pc;
  if (!HasFinished(target)) {
    states.Enter(current, ThreadState::kReady);
    Schedule();  // Returns after the other thread's Finish().
    if (!HasFinished(target)) return false;
  }
  if (recording != nullptr) Record(current, thread.pending, false);
  happens_before.Joined(current, target);
  search_->Order(target, current);
  threads[target].joined = true;
  --unjoined_;
  return true;
}

int Execution::ThreadOf(pthread_t handle) const {
  for (int i = 0; i < slots_; ++i) {
    if (threads[i].handle == handle) return i;
  }
  return -1;
}

}  // namespace racelab::interleave
