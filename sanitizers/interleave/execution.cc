#include "sanitizers/interleave/execution.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <algorithm>
#include <bit>

#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {
namespace {

// More than a loop makes that goes to sleep after it has yielded a few times (libstdc++'s 4): to insist there would
// hide what happens if nothing changes until it sleeps. Such loops are known by what they read; this is for those that
// lock.
constexpr int kYieldsBeforeInsisting = 8;
constexpr std::uint64_t kQuietBeforeYield = 20'000;  // Plain accesses of a thread that does nothing else.
constexpr std::uint64_t kQuietBeforeFailure = 50'000'000;

// Of the earlier access and one that begins at `address`.
std::uintptr_t FirstCommonByte(const HappensBefore::Race& race, std::uintptr_t address) {
  const std::uintptr_t from = address > race.address ? address - race.address : 0;
  const unsigned common = race.earlier.bytes & 0xFFu << from;
  return race.address + (common == 0 ? from : static_cast<unsigned>(std::countr_zero(common)));
}

}  // namespace

Execution execution;

bool WaitQueue::Remove(int thread) {
  for (int i = 0; i < count; ++i) {
    if (threads[i] != thread) continue;
    for (int k = i + 1; k < count; ++k) threads[k - 1] = threads[k];
    --count;
    return true;
  }
  return false;
}

int WaitQueue::TakeFirst() {
  if (count == 0) return -1;
  const int first = threads[0];
  Remove(first);
  return first;
}

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
  search_ = &search;
  for (int t = 0; t < kMaxThreads; ++t) pending_[t] = &threads[t].pending;
  body_ = body;
  argument_ = argument;
  count_ = 0;
  unjoined_ = 0;
  steps_ = turns_ = 0;
  last_ = kMaxThreads;
  states.Forget();
  held_back_ = in_handler = woken_in_handler = 0;
  mutexes.Forget();
  conditions.Forget();
  futexes.Forget();
  barriers.Forget();
  versions.Forget();
  happens_before.BeginExecution(search.repeated());
  search.BeginExecution();
  now = 0;
  clock_readings = 0;
  punctual = false;
  creations_may_fail = 0;
  failure.kind = FailureKind::kNone;
  failure.surroundings = -1;
  redundant = lost = false;
  exit_code = 0;
  at_exit.clear();
  std::fill(std::begin(open_event_), std::end(open_event_), -1);
  std::fill(std::begin(surroundings_), std::end(surroundings_), -1);
  controller_.thread_pointer = ThreadPointer();
  Create(nullptr, nullptr);
  unjoined_ = 0;
  Become(0);
  ++progress_;
  live = true;
  DispatchCalls(true);
  Switch(controller_, threads[0].fibre);
  DispatchCalls(false);
  live = false;
  if (options.trace) Say("  %s", lost ? "lost" : redundant ? "redundant" : Name(failure.kind));
}

int Execution::Create(void* (*function)(void*), void* argument) {
  if (count_ == kMaxThreads) Fail(FailureKind::kUnsupported, "more than %d threads in one execution", kMaxThreads);
  const int number = count_++;
  Thread& thread = threads[number];
  states.Enter(number, ThreadState::kOnItsWay);
  thread.pending = {};
  thread.timed_out = thread.joined = thread.detached = thread.spinning = false;
  thread.ignoring = thread.announcing = thread.yields = thread.early_timeouts = thread.held_count = thread.stack_depth =
      0;
  thread.quiet_accesses = 0;
  thread.spin.Forget();
  thread.function = function;
  thread.argument = argument;
  thread.result = nullptr;
  thread.destructors.clear();
  if (number != 0 && keys_in_use > 0) memset(thread.specific, 0, keys_in_use * sizeof thread.specific[0]);
  RestoreThreadLocals(number);
  Prepare(thread.fibre, BeginThread);
  if (number != 0) {
    thread.blocked_signals = me().blocked_signals;
    happens_before.Created(current, number);
    search_->Order(current, number);
    ++unjoined_;
  }
  return number;
}

// The running thread has come to its next operation.
Thread& Execution::Arrive() {
  if (recording != nullptr) NoteValueAfter(current);
  Thread& thread = me();
  thread.quiet_accesses = 0;
  thread.spinning = false;
  return thread;
}

void Execution::DoPending() {
  Thread& thread = Arrive();
  const Operation& operation = thread.pending;
  if (operation.rereads) {
    const std::uint32_t* version = versions.Find(operation.address);
    switch (thread.spin.Note(operation.address, operation.pc, version == nullptr ? 0 : *version)) {
      case SpinWatch::Read::kStep:
        break;
      case SpinWatch::Read::kRepeat:
        collapsed = true;
        return;
      case SpinWatch::Read::kSpin:
        thread.spinning = true;
        break;
    }
  } else if (!IsMemory(operation.kind)) {
    thread.spin.Forget();
  }
  if (!concurrent() && Possible(thread)) return;
  if (recording != nullptr) RecordSurroundings(operation);
  states.Enter(current, ThreadState::kReady);
  Schedule();
}

bool Execution::Sleep(std::int64_t wakes_at, const Operation& timeout) {
  Thread& thread = me();
  thread.wakes_at = wakes_at;
  thread.timed_out = false;
  thread.pending = timeout;
  if (recording != nullptr) RecordSurroundings(timeout);
  states.Enter(current, ThreadState::kWaiting);
  Schedule();
  if (thread.timed_out) now = std::max(now, wakes_at);
  return !thread.timed_out;
}

void Execution::Wake(int thread) {
  if (in_handler >> thread & 1) {
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
  Thread& thread = me();
  if (!concurrent()) return;
  if (pc != thread.yields_at || turns_ != thread.yields_in) thread.yields = 0;
  thread.yields_at = pc;
  thread.yields_in = turns_;
  if (++thread.yields <= kYieldsBeforeInsisting) return;
  held_back_ |= Only(current);
  thread.pending = {};
  thread.pending.kind = Kind::kYield;
  states.Enter(current, ThreadState::kReady);
  Schedule();
}

int Execution::Choose(int count, const void* pc) {
  if (count < 1 || count > kMostValues) {
    Fail(FailureKind::kUnsupported, "a choice between %d values; 1 to %d are possible", count, kMostValues);
  }
  if (count == 1) return 0;
  const int value = search_->ChooseValue(current, count);
  if (value == Search::kRedundant) {
    Fail(FailureKind::kNotDeterministic, "at step %zu the program does not do what it did before", search_->depth());
  }
  happens_before.Reached(search_->depth() - 1);
  if (recording != nullptr) RecordChoice(value, pc);
  if (options.trace) Say("  %4zu T%d %-16s %d of %d", search_->depth() - 1, current, Name(Kind::kChoice), value, count);
  return value;
}

void Execution::Plain(std::uintptr_t address, std::size_t size, bool write, const void* pc) {
  Thread& thread = me();
  if (++thread.quiet_accesses % kQuietBeforeYield == 0) {
    if (thread.quiet_accesses >= kQuietBeforeFailure) {
      Fail(FailureKind::kNoProgress, "T%d goes on and on, and does nothing that another thread could see", current);
    }
    const std::uint64_t quiet = thread.quiet_accesses;
    thread.yields = kYieldsBeforeInsisting;
    thread.yields_at = pc;
    thread.yields_in = turns_;
    Yield(pc);
    thread.quiet_accesses = quiet;
  }
  if (!concurrent()) return;
  if (promoted.Find(address & ~std::uintptr_t{7}) != nullptr ||
      promoted.Find((address + size - 1) & ~std::uintptr_t{7}) != nullptr) {
    Operation operation;
    operation.kind = write ? Kind::kWrite : Kind::kRead;
    operation.writes = write;
    operation.rereads = !write;
    operation.size = static_cast<std::uint32_t>(size);
    operation.address = address;
    operation.pc = pc;
    Step(operation);
    if (write) ++versions[address];
    return;
  }
  if (happens_before.repeating() || happens_before.Repeats(current, address, size, write)) return;
  HappensBefore::Race race;
  const std::int32_t stack = recording != nullptr ? RecordStack(current, pc) : -1;
  if (happens_before.Note(current, address, size, write, false, pc, stack, race)) {
    ReportRace(race, address, {nullptr, pc, 0, -1, 0, 0, write, false, false});
  }
}

void Execution::Atomic(std::uintptr_t address, std::size_t size, bool write, bool changed, const void* pc) {
  if (changed) me().spin.Forget();
  if (!concurrent()) return;
  if (changed) ++versions[address];
  if (happens_before.repeating()) return;
  HappensBefore::Race race;
  const std::int32_t stack = recording != nullptr ? RecordStack(current, pc) : -1;
  if (promoted.Find(address & ~std::uintptr_t{7}) != nullptr) return;
  if (happens_before.Note(current, address, size, write, true, pc, stack, race)) {
    ReportRace(race, address, {nullptr, pc, 0, -1, 0, 0, write, true, false});
  }
}

// The later access begins at `address`, in the eight bytes of the race or before.
void Execution::ReportRace(const HappensBefore::Race& race, std::uintptr_t address, const Access& later) {
  failure.race = race;
  failure.later = later;
  failure.later.thread = static_cast<std::uint8_t>(current);
  if (recording != nullptr) {
    failure.later.stack = RecordStack(current, later.pc);
    Operation access;
    access.address = FirstCommonByte(race, address);
    access.pc = later.pc;
    RecordSurroundings(access);
    failure.surroundings = SurroundingsOf(current, access);
  }
  const bool freed = race.earlier.frees || later.frees;
  Fail(freed ? FailureKind::kUseAfterFree : FailureKind::kDataRace, "%s by T%d and %s by T%d", Name(race.earlier),
       race.earlier.thread, Name(later), current);
}

void Execution::ReportFree(const HappensBefore::Race& race, std::uintptr_t address, const void* pc) {
  Access later = {};
  later.pc = pc;
  later.write = later.frees = true;
  ReportRace(race, address, later);
}

void Execution::Join(int target, const void* pc) {
  Thread& thread = Arrive();
  thread.spin.Forget();
  thread.pending = {};
  thread.pending.kind = Kind::kJoin;
  thread.pending.address = static_cast<std::uintptr_t>(target);
  thread.pending.pc = pc;
  if (!states.Is(ThreadState::kFinished, target)) {
    states.Enter(current, ThreadState::kReady);
    Schedule();  // Until Finish() of the other.
  }
  if (recording != nullptr) Record(current, thread.pending, false);
  happens_before.Joined(current, target);
  search_->Order(target, current);
  threads[target].joined = true;
  --unjoined_;
}

void Execution::ExitThread(void* result) {
  me().result = result;
  Finish();
  __builtin_unreachable();
}

int Execution::ThreadOf(pthread_t handle) const {
  for (int i = 0; i < count_; ++i) {
    if (threads[i].handle == handle) return i;
  }
  return -1;
}

void RunThreadDestructors(Thread& thread);  // interceptors/thread.cc

// The running thread has come to its end.
void Execution::Finish() {
  Thread& thread = me();
  RunThreadDestructors(thread);
  if (recording != nullptr) NoteValueAfter(current);
  if (thread.held_count > 0) {
    Fail(FailureKind::kMutexMisuse, "T%d ends while it holds a mutex", current);
  }
  states.Enter(current, ThreadState::kFinished);
  for (ThreadSet ready = states.In(ThreadState::kReady); ready != 0; ready &= ready - 1) {
    const Operation& pending = threads[Lowest(ready)].pending;
    if (pending.kind == Kind::kJoin && pending.address == static_cast<std::uintptr_t>(current))
      states.Enter(Lowest(ready), ThreadState::kOnItsWay);  // A join is no step: it goes on at once.
  }
  Schedule();
}

// See PointerChange. Whatever the thread did without its own storage is undone with the execution.
void Execution::EndIfStorageIsLost() {
  if (pointer_change != PointerChange::kForgetfulInstruction || ThreadPointer() == me().fibre.thread_pointer) return;
  failure.kind = FailureKind::kNone;
  lost = true;
  End();
}

void Execution::Fail(FailureKind kind, const char* format, ...) {
  EndIfStorageIsLost();
  failure.kind = kind;
  failure.thread = current;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(failure.message, sizeof failure.message, format, arguments);
  va_end(arguments);
  if (recording != nullptr) NoteValueAfter(current);
  for (int t = 0; t < count_; ++t) {
    if (states.Is(ThreadState::kReady, t) || states.Is(ThreadState::kWaiting, t))
      search_->NotePending(t, threads[t].pending);
  }
  End();
}

void Execution::Exit(int code) {
  exit_code = code;
  if (code != 0 && !options.outcomes) Fail(FailureKind::kExit, "exit code %d", code);
  End();
}

void Execution::End() {
  live = false;
  Switch(me().fibre, controller_);
  __builtin_unreachable();
}

}  // namespace racelab::interleave
