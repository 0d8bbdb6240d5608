#ifndef RACELAB_SANITIZERS_INTERLEAVE_HAPPENS_BEFORE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_HAPPENS_BEFORE_H_

#include <cstdint>

#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/undo_log.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

// One access to memory, as the race detector remembers it.
struct Access {
  Access* next;  // The next older one to the same eight bytes.
  const void* pc;
  std::int32_t time;        // Of its thread.
  std::int32_t stack = -1;  // Where the execution recorded the call stack; -1 if it did not.
  std::uint16_t number;     // Of its thread,
  std::uint8_t thread;      // and that one's slot.
  std::uint8_t bytes;       // Bit i: the i-th of the eight.
  bool write, atomic, frees;
  bool allocates = false;
};

// What it is called in reports: "read", "atomic write", "free".
const char* Name(const Access& access);

// Which accesses happen before which, by the rules of C++20 over the memory orders as they are written: an execution
// may run a relaxed store before the load that reads it, and still they order nothing. Two accesses to the same memory,
// one of them a write, not both atomic and neither before the other: a data race.
//
// Most of an execution repeats the one before. What was worked out for those steps still holds, and was right: the last
// execution is undone as far as the first step that differs, and up to there nothing is looked at again.
class HappensBefore {
 public:
  // Before an execution that repeats the last one up to, and without, step `same`. 0: nothing is known of it.
  void BeginExecution(std::size_t same);

  // Before step `step`: 0, 1, 2, ...
  void Reached(std::size_t step) {
    if (step < marks_.size()) return;
    repeating_ = false;
    marks_.push_back({clocks_saved_.size(), links_saved_.size(), used_});
  }

  // Whether all that happens now is known.
  bool repeating() const { return repeating_; }

  // What the thread releases and acquires from now on orders nothing; or again does.
  void IgnoreOrder(int thread, bool ignore) {
    unordered_ = ignore ? unordered_ | Only(thread) : unordered_ & ~Only(thread);
  }

  void Created(int parent, int child);
  void Joined(int thread, int finished);
  // Whether all that was done in the slot `finished` happens before what `thread` does now.
  bool Knows(int thread, int finished) const {
    return latest_[finished] == nullptr || clock_[thread].Covers(finished, latest_[finished]->time);
  }

  // A mutex, a barrier, anything that hands over what happened: acquire joins, release adds to what is handed over.
  void Acquire(int thread, std::uintptr_t object);
  void Release(int thread, std::uintptr_t object);
  // Release that only exclusive owners acquire (AcquireAll does): a reader's unlock.
  void ReleaseShared(int thread, std::uintptr_t object);
  void AcquireAll(int thread, std::uintptr_t object);

  // All that all threads have done so far.
  void AcquireAllThreads(int thread);
  // The thread goes from the program into a library that is not seen, or back: that library may hand over to whoever
  // does likewise, or acquires anything, later.
  void Cross(int thread);
  bool libraries_order = false;  // Whether there is Cross().

  // An atomic access, after it has been made. `order` is the C++ memory order's number in the compilers' interface.
  void AtomicLoad(int thread, std::uintptr_t address, int order);
  void AtomicStore(int thread, std::uintptr_t address, int order);
  void AtomicUpdate(int thread, std::uintptr_t address, int order);
  void Fence(int thread, int order);

  struct Race {
    Access earlier;
    std::uintptr_t address;  // The first eight bytes in which the two meet.
    std::size_t eights = 1;  // How many such in a row: of two copies of as many bytes, all.
  };

  // Notes the access; true if it is in a data race with an earlier one, which `race` then tells.
  bool Note(int thread, int number, std::uintptr_t address, std::size_t size, bool write, bool atomic, const void* pc,
            int stack, Race& race);

  // Whether the thread has made such a plain access to these bytes since its clock last moved: then this one need not
  // be noted, for what races with it races with that one. False if that cannot be told at a glance.
  bool Repeats(int thread, std::uintptr_t address, std::size_t size, bool write) const {
    const std::size_t from = address % 8;
    if (from + size > 8) return false;
    const std::uintptr_t number = address / (8 * kCells);
    const std::size_t place = number % kRecent;
    if (recent_number_[place] != number || recent_page_[place] == nullptr) return false;
    const Cell& cell = recent_page_[place]->cells[address / 8 % kCells];
    const Access* latest = cell.latest;
    if (cell.generation != generation_ || latest == nullptr) return false;
    const unsigned bytes = (0xFFu >> (8 - size)) << from;
    return latest->thread == thread && latest->time == clock_[thread].at[thread] && (bytes & ~latest->bytes) == 0 &&
           (latest->write || !write) && !latest->atomic && !latest->frees;
  }

  // Whether the block, which is being freed, has an access that is not ordered before.
  bool Free(int thread, std::uintptr_t address, std::size_t size, Race& race);
  // The block is handed out: it is ordinary memory, which nobody has accessed; or that the thread has written: whoever
  // gets at it must come after that.
  void Reuse(std::uintptr_t address, std::size_t size);
  void Allocate(int thread, int number, std::uintptr_t address, std::size_t size, const void* pc, int stack);

  // What was released by objects in this memory does not reach those that come to be there later.
  void ForgetObjects(std::uintptr_t address, std::size_t size);

 private:
  struct Object {
    std::uintptr_t address = 0;
    Object* next = nullptr;  // In the same page.
    VectorClock released;
    VectorClock released_shared;
  };
  struct Cell {
    std::uint64_t generation = 0;
    Access* latest = nullptr;
  };
  static constexpr std::size_t kCells = 512;  // Of a page: eight bytes each.
  struct ShadowPage {
    Cell cells[kCells];
  };

  // Assignments that can be undone.
  void Save(VectorClock& clock) {
    clocks_saved_.Push({&clock, clock.quad[0]});
    for (int i = 1; i < VectorClock::quads; ++i) further_quads_saved_.Push(clock.quad[i]);
  }
  void Set(VectorClock& clock, const VectorClock& value) {
    Save(clock);
    clock = value;
  }
  void Join(VectorClock& clock, const VectorClock& other) {
    Save(clock);
    clock.Join(other);
  }
  void Tick(int thread) {
    Save(clock_[thread]);
    clock_[thread].at[thread]++;
  }
  void Set(Access*& link, Access* value) {
    links_saved_.Push({&link, link});
    link = value;
  }

  // An execution that is so long that what could be undone of it takes much memory is worked out anew each time. From
  // then on accesses that are superseded give their memory to new ones.
  bool saves() const { return clocks_saved_.saves() && further_quads_saved_.saves() && links_saved_.saves(); }
  void Recycle(Access* access) {
    if (saves() || access->allocates) return;
    access->next = recycled_;
    recycled_ = access;
  }

  // What one of the two sides releases, the other may acquire: both use the same atomics.
  void AcquireFromLibraries(int thread) {
    if (libraries_order) [[unlikely]]
      Join(clock_[thread], crossed_);
  }
  void ReleaseToLibraries(int thread) {
    if (libraries_order) [[unlikely]]
      Join(released_to_libraries_, clock_[thread]);
  }

  Object& ObjectAt(std::uintptr_t address);
  const Object* FindObject(std::uintptr_t address);
  Cell& CellOf(std::uintptr_t address);
  const Cell* FindCell(std::uintptr_t address);  // Null if nothing near it has been accessed.
  Access* NewAccess();
  bool NoteInCell(Cell& cell, const Access& access, Race& race);
  bool Knows(std::uintptr_t eight, const Access& access);

  // Whether what the thread does orders nothing, or is known already.
  bool Skips(int thread) const { return repeating_ || (unordered_ >> thread & 1) != 0; }

  int slots_ = kMaxThreads;  // That have been used.
  ThreadSet unordered_ = 0;  // Whose order is ignored.
  VectorClock clock_[kMaxThreads];
  VectorClock to_acquire_[kMaxThreads];  // What relaxed loads have read: for a later acquire fence.
  VectorClock fence_[kMaxThreads];       // Of the latest release fence: for later relaxed stores.
  VectorClock crossed_;                  // What Cross() hands over,
  VectorClock released_to_libraries_;    // and what it acquires besides.
  Access* latest_[kMaxThreads] = {};     // Of each slot.
  AddressMap<Object*> objects_;
  AddressMap<Object*> objects_in_page_;
  Vector<Object*> all_objects_;  // Reused when all is forgotten.
  std::size_t objects_used_ = 0;

  std::uint64_t generation_ = 0;  // How often all has been forgotten.
  AddressMap<ShadowPage*> pages_;
  static constexpr std::size_t kRecent = 64;
  std::uintptr_t recent_number_[kRecent] = {};
  ShadowPage* recent_page_[kRecent] = {};
  Vector<Access*> blocks_;  // Of accesses, reused by each execution.
  std::size_t used_ = 0;

  struct SavedClock {
    VectorClock* clock;
    VectorClock::Quad first_quad;
  };
  struct SavedLink {
    Access** link;
    Access* value;
  };
  struct Mark {
    std::size_t clocks, links, used;
  };
  UndoLog<SavedClock> clocks_saved_;
  UndoLog<VectorClock::Quad> further_quads_saved_;  // Of the same clocks, where they have more than one.
  UndoLog<SavedLink> links_saved_;
  Vector<Mark> marks_;  // How much had been saved before each step.
  bool repeating_ = false;
  Access* recycled_ = nullptr;
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_HAPPENS_BEFORE_H_
