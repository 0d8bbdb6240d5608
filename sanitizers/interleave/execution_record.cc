// The recording of an execution that is run in order to be shown.

#include <string.h>

#include <algorithm>

#include "sanitizers/interleave/execution.h"

namespace racelab::interleave {

void Execution::LetGo(std::uintptr_t mutex) {
  Vector<std::uintptr_t>& held = me().held;
  for (std::size_t i = held.size(); i-- > 0;) {
    if (held[i] != mutex) continue;
    held.erase(held.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

int Execution::TimesHeld(std::uintptr_t mutex) {
  return static_cast<int>(std::count(me().held.begin(), me().held.end(), mutex));
}

void Execution::RecordBlocked(ThreadSet can_go_on) {
  for (int t = 0; t < slots_; ++t) {
    const Thread& thread = threads[t];
    if (states.Is(ThreadState::kFinished, t)) continue;
    int holder = -1;  // A slot.
    if (thread.pending.kind == Kind::kJoin) holder = static_cast<int>(thread.pending.address);
    if (IsLock(thread.pending.kind)) {
      const Lock* lock = locks.Find(thread.pending.address);
      const ThreadSet others = lock == nullptr    ? 0
                               : lock->owner >= 0 ? Only(lock->owner)
                                                  : lock->readers | lock->queued_writers;
      if (others != 0) holder = Lowest(others);
    }
    recording->blocked.push_back({thread.number, t, (can_go_on >> t & 1) != 0, thread.pending,
                                  holder < 0 ? -1 : threads[holder].number, thread.spinning,
                                  RecordStack(t, thread.pending.pc), SurroundingsOf(t, thread.pending)});
  }
}

std::int32_t Execution::RecordAccess(const void* pc) {
  const std::int32_t index = RecordStack(current, pc);
  for (const std::uintptr_t lock : me().held) recording->stacks.push_back(reinterpret_cast<const void*>(lock));
  recording->stacks.push_back(nullptr);
  return index;
}

std::int32_t Execution::RecordStack(int slot, const void* pc) {
  const Thread& thread = threads[slot];
  const auto index = static_cast<std::int32_t>(recording->stacks.size());
  if (pc != nullptr) recording->stacks.push_back(pc);
  for (int i = std::min(thread.stack_depth, kMaxStack); i-- > 0;) recording->stacks.push_back(thread.stack[i]);
  recording->stacks.push_back(nullptr);
  return index;
}

// A thread in a loop repeats its places. If the event's stack, which is the last one recorded, equals that of a recent
// event, drops it and refers to that event.
static void ShareStack(Recording& recording, Event& event) {
  constexpr std::size_t kLatest = 8;
  const auto begin = recording.stacks.begin();
  const std::int32_t stack = event.stack;
  const auto length = recording.stacks.end() - (begin + stack);
  const std::size_t events = recording.events.size();
  for (std::size_t i = events, first = events - std::min(events, kLatest); i-- > first;) {
    const std::int32_t other = recording.events[i].stack;
    if (other + length > stack || !std::equal(begin + stack, recording.stacks.end(), begin + other)) continue;
    recording.stacks.resize(static_cast<std::size_t>(stack));
    event.stack = other;
    event.stack_of = static_cast<std::int32_t>(i);
    return;
  }
}

void Execution::Record(int slot, const Operation& operation, bool is_step) {
  const Thread& thread = threads[slot];
  Event event = {};
  event.operation = operation;
  if (operation.kind == Kind::kJoin)
    event.operation.address = static_cast<std::uintptr_t>(threads[operation.address].number);
  event.thread = static_cast<std::int16_t>(thread.number);
  event.is_step = is_step;
  event.failed = (operation.compares || IsTryLock(operation.kind) || IsUnlock(operation.kind) ||
                  operation.kind == Kind::kTryAcquire) &&
                 (operation.changes & (kContent | kOwner | kReaders)) == 0;
  event.stack = RecordStack(slot, operation.pc);
  event.stack_of = -1;
  ShareStack(*recording, event);
  event.surroundings = SurroundingsOf(slot, operation);
  event.held = static_cast<std::int32_t>(recording->held.size());
  recording->held.insert(recording->held.end(), thread.held.begin(), thread.held.end());
  recording->held.push_back(0);
  if (IsMemory(operation.kind) && operation.size <= 8) {
    event.has_value = true;
    event.before = event.after = Value(operation.address, operation.size);
    open_event_[slot] = static_cast<std::int32_t>(recording->events.size());
  }
  recording->events.push_back(event);
}

Event Execution::EventWithoutMutexes(Kind kind) {
  Event event = {};
  event.operation.kind = kind;
  event.thread = static_cast<std::int16_t>(me().number);
  event.stack_of = event.surroundings = -1;
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

void Execution::RecordOlderValue(std::uint64_t value) {
  if (open_event_[current] < 0) return;
  Event& event = recording->events[open_event_[current]];
  open_event_[current] = -1;
  event.older = true;
  event.before = event.after = value;
}

void Execution::NoteValueAfter(int thread) {
  std::int32_t& open = open_event_[thread];
  if (open < 0) return;
  Event& event = recording->events[open];
  event.after = Value(event.operation.address, event.operation.size);
  open = -1;
}

}  // namespace racelab::interleave
