// How an execution treats memory accesses: as steps, or only recorded; and how it detects wrong ones.

#include <algorithm>
#include <bit>

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/library_calls.h"
#include "sanitizers/interleave/model/block_reuse.h"
#include "sanitizers/interleave/model/freed_memory.h"
#include "sanitizers/interleave/model/thread_memory.h"
#include "sanitizers/interleave/mutation.h"

namespace racelab::interleave {
namespace {

constexpr int kMostShared = 16;             // Atomics that libraries share: for each, the search starts again.
constexpr std::uint64_t kQuietCalls = 500;  // System calls of a thread that makes no steps.

// The first byte that the earlier access has in common with an access that begins at `address`.
std::uintptr_t FirstCommonByte(const HappensBefore::Race& race, std::uintptr_t address) {
  const std::uintptr_t from = address > race.address ? address - race.address : 0;
  const unsigned common = race.earlier.bytes & 0xFFu << from;
  return race.address + (common == 0 ? from : static_cast<unsigned>(std::countr_zero(common)));
}

}  // namespace

void Execution::Plain(std::uintptr_t address, std::size_t size, bool write, const void* pc) {
  Thread& thread = me();
  ++thread.quiet_accesses;
  if (thread.quiet_accesses >= looks_at_accesses_from) [[unlikely]]
    LookAtAccess(address, write, pc);
  if (freed_memory.Contains(address, size)) [[unlikely]]
    ReportUseAfterEnd(address, size, write, false, pc);
  if (!concurrent()) return VisitThread(address, size, write, false, pc);
  if (write && !(thread.spin.watches() && thread_memory.IsPrivate(current, address))) {
    thread.spin.NoteWrite(address, size);
  } else {
    thread.spin.SettleWrite();
  }
  if (IsPromoted(address, size)) return PlainStep(address, size, write, pc);
  if (happens_before.repeating() ? !thread_memory.MayBeOfAnother(current, address)
                                 : happens_before.Repeats(current, address, size, write))
    return;
  NotePlain(address, size, write, pc);
}

void Execution::LookAtAccess(std::uintptr_t address, bool write, const void* pc) {
  if (mutations.watches_accesses) mutations.Access(address, write, pc);
  const std::uint64_t accesses = me().quiet_accesses;
  if (accesses >= kQuietBeforeGivingWay && std::has_single_bit(accesses)) LetOthersGoOn(pc);
}

void Execution::QuietCall(const void* pc) {
  Thread& thread = me();
  ++thread.quiet_calls;
  if (thread.quiet_calls >= kQuietCalls && std::has_single_bit(thread.quiet_calls)) LetOthersGoOn(pc);
}

// Lets other threads run if the running thread has made no step for long: after increasing intervals; once the process
// has ended, the thread does not run again.
void Execution::LetOthersGoOn(const void* pc) {
  Thread& thread = me();
  const std::uint64_t accesses = thread.quiet_accesses, calls = thread.quiet_calls;
  if (ending_) thread.steps_after_end = UINT32_MAX;
  Operation yield;
  yield.kind = Kind::kYield;
  yield.pc = pc;
  GiveWay(yield);
  thread.quiet_accesses = accesses;
  thread.quiet_calls = calls;
}

void Execution::NotePlain(std::uintptr_t address, std::size_t size, bool write, const void* pc) {
  if (me().ignoring_accesses > 0 || expected_races.Meet(address, size)) return;
  VisitThread(address, size, write, false, pc);
  if (happens_before.repeating()) return;
  HappensBefore::Race race;
  const std::int32_t stack = recording != nullptr ? RecordAccess(pc) : -1;
  if (happens_before.Note(current, me().number, address, size, write, false, pc, stack, race)) {
    Access later = {};
    later.pc = pc;
    later.write = write;
    ReportRace(race, address, later);
  }
}

// An access to bytes some or all of which have been in a data race. The others may still be in another one.
void Execution::PlainStep(std::uintptr_t address, std::size_t size, bool write, const void* pc) {
  VisitThread(address, size, write, false, pc);
  Operation operation;
  operation.kind = write ? Kind::kWrite : Kind::kRead;
  operation.reads = kContent;
  operation.changes = write ? kContent : Aspects{0};
  operation.rereads = !write && size <= 8;
  operation.size = static_cast<std::uint32_t>(size);
  operation.address = address;
  operation.pc = pc;
  Step(operation);
  if (write && size <= 8) NoteChange(address);
  if (size <= 8) {
    const bool* in_race = promoted.Find(address & ~std::uintptr_t{7});
    if (in_race != nullptr && !*in_race) NotePlain(address, size, write, pc);
    return;
  }
  for (std::uintptr_t byte = address, end; byte < address + size; byte = end) {
    end = std::min((byte & ~std::uintptr_t{7}) + 8, address + size);
    const bool is_promoted = IsPromoted(byte, end - byte);
    while (end < address + size && IsPromoted(end, 1) == is_promoted) end = std::min(end + 8, address + size);
    if (!is_promoted) {
      NotePlain(byte, end - byte, write, pc);
    } else if (write) {
      for (; byte < end; ++byte) NoteChange(byte);  // A spinning thread may read from any of them.
    }
  }
}

void Execution::Atomic(std::uintptr_t address, std::size_t size, bool write, bool changed, const void* pc) {
  if (changed) me().spin.Forget();
  if (freed_memory.Contains(address, size)) [[unlikely]]
    ReportUseAfterEnd(address, size, write, true, pc);
  VisitThread(address, size, write, true, pc);
  if (library_calls_are_steps) [[unlikely]]
    seen_values[address] = Value(address, size);
  if (!concurrent()) return;
  if (changed) NoteChange(address);
  if (happens_before.repeating()) return;
  HappensBefore::Race race;
  const std::int32_t stack = recording != nullptr ? RecordAccess(pc) : -1;
  if (me().ignoring_accesses > 0) return;
  const bool* in_race = promoted.Find(address & ~std::uintptr_t{7});
  if (in_race != nullptr && (*in_race || expected_races.Meet(address, size))) return;
  if (happens_before.Note(current, me().number, address, size, write, true, pc, stack, race)) {
    Access later = {};
    later.pc = pc;
    later.write = write;
    later.atomic = true;
    ReportRace(race, address, later);
  }
}

// Call this for each access: it may be to another thread's stack or thread-local variable.
void Execution::VisitThread(std::uintptr_t address, std::size_t size, bool write, bool atomic, const void* pc) {
  if (!thread_memory.MayBeOfAnother(current, address)) [[likely]]
    return;
  if (thread_memory.IsOnMainStack(address)) {
    thread_memory.NoteVisitOfMainStack();
    return;
  }
  if (thread_memory.EndedAt(address) >= 0) ReportUseAfterEnd(address, size, write, atomic, pc);
  thread_memory.NoteVisit(address);
}

// An access to memory whose lifetime has ended.
void Execution::ReportUseAfterEnd(std::uintptr_t address, std::size_t size, bool write, bool atomic, const void* pc) {
  if (me().ignoring_accesses > 0) return;
  HappensBefore::Race race = {};
  if (const int slot = thread_memory.EndedAt(address); slot >= 0) {
    race.earlier = EndOf(slot);
  } else if (const FreedMemory::Block* block = freed_memory.Find(address, size)) {
    race.earlier = block->freed;
  }
  race.address = address & ~std::uintptr_t{7};
  race.earlier.bytes = 0xFF;
  Access later = {};
  later.pc = pc;
  later.write = write;
  later.atomic = atomic;
  ReportRace(race, address, later);
}

// The later access begins at `address`, in the race's granule or before it.
void Execution::ReportRace(const HappensBefore::Race& race, std::uintptr_t address, const Access& later) {
  if (!library_calls_are_steps && LibrariesMayOrder() && !freed_memory.Contains(race.address, 8) &&
      thread_memory.EndedAt(race.address) < 0) {
    wanted_steps = kLibraryCalls;
    Break(ExecutionEnd::kWantsSteps);
  }
  failure.race = race;
  failure.later = later;
  failure.later.thread = static_cast<std::uint8_t>(current);
  failure.later.number = static_cast<std::uint16_t>(me().number);
  if (recording != nullptr) {
    failure.later.stack = RecordAccess(later.pc);
    Operation access;
    access.address = FirstCommonByte(race, address);
    access.pc = later.pc;
    RecordSurroundings(access);
    failure.surroundings = SurroundingsOf(current, access);
  }
  if (race.earlier.lifetime == Lifetime::kEndsWithThread)
    Fail(FailureKind::kUseAfterFree, "%s by T%d of memory that ended with T%d", Name(later), me().number,
         race.earlier.number);
  if (later.lifetime == Lifetime::kEndsWithThread)
    Fail(FailureKind::kUseAfterFree, "%s by T%d of memory that ends with T%d", Name(race.earlier), race.earlier.number,
         me().number);
  const bool freed = race.earlier.ends_lifetime() || later.ends_lifetime();
  Fail(freed ? FailureKind::kUseAfterFree : FailureKind::kDataRace, "%s by T%d and %s by T%d", Name(race.earlier),
       race.earlier.number, Name(later), me().number);
}

void Execution::ReportFree(const HappensBefore::Race& race, std::uintptr_t address, const void* pc) {
  Access later = {};
  later.pc = pc;
  later.write = true;
  later.lifetime = Lifetime::kEnds;
  ReportRace(race, address, later);
}

// The running thread ends, and with it the lifetime of its memory: all accesses by others must have happened before.
void Execution::EndMemory() {
  for (const std::uintptr_t granule : thread_memory.VisitedIn(current)) {
    HappensBefore::Race race;
    if (happens_before.Free(current, granule, 8, race)) ReportRace(race, granule, EndOf(current));
  }
  thread_memory.End(current);
}

Access Execution::EndOf(int slot) const {
  Access end = {};
  end.pc = threads[slot].pending.pc;  // Its last step.
  end.number = static_cast<std::uint16_t>(threads[slot].number);
  end.thread = static_cast<std::uint8_t>(slot);
  end.write = true;
  end.lifetime = Lifetime::kEndsWithThread;
  return end;
}

// Of one that may be weak, but does not fail without cause.
void Execution::NoteCompareExchange(const void* pc) {
  constexpr std::size_t kMost = 64;
  if (std::find(compare_exchanges.begin(), compare_exchanges.end(), pc) != compare_exchanges.end()) return;
  if (compare_exchanges.size() < kMost) {
    compare_exchanges.push_back(pc);
  } else {
    left_out.weak_failures = true;
  }
}

void Execution::ExpectRaces(std::uintptr_t address, std::size_t size) {
  expected_races.Add(address, size);
  if (size > ExpectedRaces::kMostSteps) return;
  for (std::uintptr_t granule = address & ~std::uintptr_t{7}; granule < address + size; granule += 8) {
    if (promoted.Find(granule) != nullptr) continue;
    wanted_steps = ExpectedAt(granule);
    Break(ExecutionEnd::kWantsSteps);
  }
}

void Execution::PromoteBlocks(int size_class) {
  wanted_steps = BlocksOfClass(size_class);
  if (promoted.Find(wanted_steps) == nullptr) Break(ExecutionEnd::kWantsSteps);
}

// If libraries also write to this atomic, the operation conflicts with their calls.
void Execution::MeetLibraries(Operation& operation) {
  if (IsMemory(operation.kind) && promoted.Find(SharedWithLibraries(operation.address)) != nullptr)
    operation.reads |= kAnnounced;
}

// Whether the atomic that the running thread is about to access has a value that no known store has written.
void Execution::LookForUnseenStore(const Operation& operation) {
  if (operation.kind < Kind::kLoad || operation.kind > Kind::kCompareExchange || operation.size > 8) return;
  const std::uint64_t* seen = seen_values.Find(operation.address);
  if (seen == nullptr || *seen == Value(operation.address, operation.size)) return;
  const std::uintptr_t shared = SharedWithLibraries(operation.address);
  if (shared_with_libraries == kMostShared || promoted.Find(shared) != nullptr) return;
  ++shared_with_libraries;
  wanted_steps = shared;
  Break(ExecutionEnd::kWantsSteps);
}

void Execution::Expects(std::uintptr_t pointer) {
  if (looks_for_stale_pointers == 0 || !arena.Contains(pointer)) return;
  const FreedMemory::Block* block = freed_memory.Find(pointer, 1);
  if (block != nullptr) PromoteBlocks(block->size_class);
}

// By now, the thread that freed a block has had time to clear its pointers, so a remaining pointer may be compared with
// a pointer to a new block.
void Execution::LookForStalePointers() {
  for (const FreedBlock& block : me().freed) {
    if (looks_for_stale_pointers == 0 || !freed_memory.Contains(block.address)) continue;
    --looks_for_stale_pointers;
    if (IsPointedAt(block.address, block.size)) PromoteBlocks(block.size_class);
  }
  me().freed.clear();
}

}  // namespace racelab::interleave
