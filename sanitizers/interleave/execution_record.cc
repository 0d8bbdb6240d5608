// What an execution notes of itself when it is run in order to be shown, and the names of what it notes.

#include <string.h>

#include <algorithm>
#include <bit>

#include "sanitizers/interleave/execution.h"

namespace racelab::interleave {

void Execution::Hold(std::uintptr_t mutex) {
  Thread& thread = me();
  if (thread.held_count < kMaxHeld) thread.held[thread.held_count++] = mutex;
}

void Execution::LetGo(std::uintptr_t mutex) {
  Thread& thread = me();
  for (int i = thread.held_count; i-- > 0;) {
    if (thread.held[i] != mutex) continue;
    for (int k = i + 1; k < thread.held_count; ++k) thread.held[k - 1] = thread.held[k];
    --thread.held_count;
    return;
  }
}

void Execution::RecordBlocked() {
  for (int t = 0; t < count_; ++t) {
    const Thread& thread = threads[t];
    if (states.Is(ThreadState::kFinished, t)) continue;
    BlockedThread blocked = {
        t, thread.pending, -1, thread.spinning, RecordStack(t, thread.pending.pc), SurroundingsOf(t, thread.pending)};
    if (thread.pending.kind == Kind::kJoin) blocked.holder = static_cast<int>(thread.pending.address);
    if (Locks(thread.pending.kind)) {
      const Mutex* mutex = mutexes.Find(thread.pending.address);
      if (mutex != nullptr) blocked.holder = mutex->owner >= 0 ? mutex->owner : std::countr_zero(mutex->readers);
    }
    recording->blocked.push_back(blocked);
  }
}

std::int32_t Execution::RecordStack(int number, const void* pc) {
  const Thread& thread = threads[number];
  const auto index = static_cast<std::int32_t>(recording->stacks.size());
  if (pc != nullptr) recording->stacks.push_back(pc);
  for (int i = std::min(thread.stack_depth, kMaxStack); i-- > 0;) recording->stacks.push_back(thread.stack[i]);
  recording->stacks.push_back(nullptr);
  return index;
}

void Execution::Record(int number, const Operation& operation, bool is_step) {
  const Thread& thread = threads[number];
  Event event = {};
  event.operation = operation;
  event.thread = static_cast<std::int8_t>(number);
  event.is_step = is_step;
  event.stack = RecordStack(number, operation.pc);
  event.surroundings = SurroundingsOf(number, operation);
  event.held = static_cast<std::int32_t>(recording->held.size());
  for (int i = 0; i < thread.held_count; ++i) recording->held.push_back(thread.held[i]);
  recording->held.push_back(0);
  if (IsMemory(operation.kind) && operation.size <= 8) {
    event.has_value = true;
    event.before = event.after = Value(operation.address, operation.size);
    open_event_[number] = static_cast<std::int32_t>(recording->events.size());
  }
  recording->events.push_back(event);
}

Event Execution::EventWithoutMutexes(Kind kind) {
  Event event = {};
  event.operation.kind = kind;
  event.thread = static_cast<std::int8_t>(current);
  event.surroundings = -1;
  event.held = static_cast<std::int32_t>(recording->held.size());
  recording->held.push_back(0);
  return event;
}

void Execution::RecordChoice(int value, const void* pc) {
  Event event = EventWithoutMutexes(Kind::kChoice);
  event.operation.size = sizeof event.before;
  event.operation.pc = pc;
  event.is_step = event.has_value = true;
  event.before = event.after = static_cast<std::uint64_t>(value);
  event.stack = RecordStack(current, nullptr);
  recording->events.push_back(event);
}

void Execution::RecordNote(const char* text) {
  NoteValueAfter(current);
  Event event = EventWithoutMutexes(Kind::kNote);
  event.note = static_cast<std::int32_t>(recording->notes.size());
  recording->notes.insert(recording->notes.end(), text, text + strlen(text) + 1);
  event.stack = static_cast<std::int32_t>(recording->stacks.size());
  recording->stacks.push_back(nullptr);
  recording->events.push_back(event);
}

void Execution::NoteValueAfter(int thread) {
  std::int32_t& open = open_event_[thread];
  if (open < 0) return;
  Event& event = recording->events[open];
  event.after = Value(event.operation.address, event.operation.size);
  open = -1;
}

const char* Name(Kind kind) {
  switch (kind) {
    case Kind::kNone:
      return "start";
    case Kind::kRead:
      return "read";
    case Kind::kWrite:
      return "write";
    case Kind::kLoad:
      return "load";
    case Kind::kStore:
      return "store";
    case Kind::kUpdate:
      return "update";
    case Kind::kCompareExchange:
      return "compare-exchange";
    case Kind::kLock:
      return "lock";
    case Kind::kLockShared:
      return "lock shared";
    case Kind::kTryLock:
      return "try lock";
    case Kind::kTryLockShared:
      return "try lock shared";
    case Kind::kUnlock:
      return "unlock";
    case Kind::kUnlockShared:
      return "unlock shared";
    case Kind::kWait:
      return "wait";
    case Kind::kTimeout:
      return "time out";
    case Kind::kNotify:
      return "notify";
    case Kind::kFutexWait:
      return "sleep on";
    case Kind::kFutexWake:
      return "wake";
    case Kind::kAcquire:
      return "acquire";
    case Kind::kTryAcquire:
      return "try acquire";
    case Kind::kRelease:
      return "release";
    case Kind::kBarrier:
      return "arrive";
    case Kind::kOnceEnter:
      return "enter once";
    case Kind::kOnceLeave:
      return "leave once";
    case Kind::kJoin:
      return "join";
    case Kind::kDescriptorRead:
      return "read from";
    case Kind::kDescriptorWrite:
      return "write to";
    case Kind::kDescriptorPoll:
      return "poll";
    case Kind::kSignal:
      return "send signal";
    case Kind::kSignalWait:
      return "wait for signal";
    case Kind::kYield:
      return "yield";
    case Kind::kChoice:
      return "choose";
    case Kind::kNote:
      return "note";
  }
  return "?";
}

const char* Name(const Access& access) {
  if (access.frees) return "free";
  if (access.atomic) return access.write ? "atomic write" : "atomic read";
  return access.write ? "write" : "read";
}

const char* Name(FailureKind kind) {
  switch (kind) {
    case FailureKind::kNone:
      return "none";
    case FailureKind::kExpectation:
      return "failed expectation";
    case FailureKind::kDataRace:
      return "data race";
    case FailureKind::kUseAfterFree:
      return "use after free";
    case FailureKind::kDeadlock:
      return "deadlock";
    case FailureKind::kNoProgress:
      return "no progress";
    case FailureKind::kCrash:
      return "crash";
    case FailureKind::kAbort:
      return "abort";
    case FailureKind::kUncaughtException:
      return "uncaught exception";
    case FailureKind::kExit:
      return "exit code";
    case FailureKind::kMutexMisuse:
      return "misuse of a mutex";
    case FailureKind::kHeapMisuse:
      return "misuse of the heap";
    case FailureKind::kUnsupported:
      return "unsupported";
    case FailureKind::kNotDeterministic:
      return "not deterministic";
  }
  return "?";
}

}  // namespace racelab::interleave
