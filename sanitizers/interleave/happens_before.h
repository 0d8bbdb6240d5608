#ifndef RACELAB_SANITIZERS_INTERLEAVE_HAPPENS_BEFORE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_HAPPENS_BEFORE_H_

#include <cstdint>

#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/undo_log.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

// What an access does to the lifetime of the memory.
enum class Lifetime : std::uint8_t {
  kGoesOn,
  kBegins,          // It allocates a block.
  kEnds,            // It frees a block.
  kEndsWithThread,  // The memory was the stack, or a thread-local variable, of a thread that has ended.
};

// One access to memory, as the race detector remembers it.
struct Access {
  Access* next;  // The next older access to the same granule.
  const void* pc;
  std::int32_t time;        // Of its thread.
  std::int32_t stack = -1;  // Where the execution recorded the call stack; -1 if it did not.
  std::uint16_t number;     // Of its thread,
  std::uint8_t thread;      // and the slot of that thread.
  std::uint8_t bytes;       // Bit i: the i-th byte of the granule.
  bool write, atomic;
  Lifetime lifetime = Lifetime::kGoesOn;

  bool allocates() const { return lifetime == Lifetime::kBegins; }
  bool ends_lifetime() const { return lifetime >= Lifetime::kEnds; }
};

// The access's name in reports: "read", "atomic write", "free".
const char* Name(const Access& access);

// The happens-before relation of C++20, for the memory orders as written: a relaxed store orders nothing, even if the
// execution runs it before the load that reads it. Two accesses to the same memory are a data race if at least one is a
// write, at least one is not atomic, and neither happens before the other.
//
// Most of an execution repeats the one before. The results for the repeated steps are still valid: the last execution
// is undone back to the first step that differs, and the steps before that are not processed again.
class HappensBefore {
 public:
  // Call this before an execution that repeats the last one up to, but not including, step `same`. 0: nothing is
  // repeated. If the last execution was cut short before that step, everything is recomputed.
  void BeginExecution(std::size_t same);

  // Call this before step `step`: 0, 1, 2, ...
  void Reached(std::size_t step) {
    if (step < marks_.size()) return;
    repeating_ = false;
    Mark& mark = marks_.emplace_back();
    mark.clocks = clocks_saved_.size();
    mark.links = links_saved_.size();
    mark.used = used_;
  }

  // Whether the current step repeats the last execution, so that its result is known.
  bool repeating() const { return repeating_; }

  // From now on, the thread's releases and acquires order nothing (or they do again).
  void IgnoreOrder(int thread, bool ignore) {
    unordered_ = ignore ? unordered_ | Only(thread) : unordered_ & ~Only(thread);
  }

  void Created(int parent, int child);
  void Joined(int thread, int finished);
  // Whether everything done in the slot `finished` happens before the next action of `thread`.
  bool Knows(int thread, int finished) const {
    return latest_[finished] == nullptr || clock_[thread].Covers(finished, latest_[finished]->time);
  }

  // For mutexes, barriers, and all other objects that order threads: an acquire joins the object's clock into the
  // thread's, and a release joins the thread's clock into the object's.
  void Acquire(int thread, std::uintptr_t object);
  void Release(int thread, std::uintptr_t object);
  // A release that only exclusive owners acquire, by AcquireAll(): a reader's unlock.
  void ReleaseShared(int thread, std::uintptr_t object);
  void AcquireAll(int thread, std::uintptr_t object);

  // Acquires everything that all threads have done so far.
  void AcquireAllThreads(int thread);
  // The thread enters or leaves an uninstrumented library. The library may pass the thread's clock on to every thread
  // that later enters or leaves a library, or acquires anything.
  void Cross(int thread);
  bool libraries_order = false;  // Whether Cross() is in use.

  // An atomic access, after it has been made. `order` is the number of the C++ memory order in the compilers'
  // interface.
  void AtomicLoad(int thread, std::uintptr_t address, int order);
  // Like the above, for a value whose store released this clock.
  void AtomicLoad(int thread, const VectorClock& released, int order);
  void AtomicStore(int thread, std::uintptr_t address, int order);
  void AtomicUpdate(int thread, std::uintptr_t address, int order);
  void Fence(int thread, int order);

  std::int32_t TimeOf(int thread) const { return clock_[thread].at[thread]; }
  // Whether the event of slot `other` at that time happens before the next action of `thread`.
  bool Covers(int thread, int other, std::int32_t time) const { return clock_[thread].Covers(other, time); }
  // The clock that the latest store to an atomic object released.
  VectorClock ReleasedAt(std::uintptr_t address) {
    const Object* object = FindObject(address);
    return object == nullptr ? VectorClock() : object->released;
  }

  struct Race {
    Access earlier;
    std::uintptr_t address;    // The first granule in which the accesses meet.
    std::size_t granules = 1;  // In a row from `address`: for two copies of the same size, all of them.
  };

  // Records the access. Returns true if it races with an earlier access; `race` then describes the earlier one.
  bool Note(int thread, int number, std::uintptr_t address, std::size_t size, bool write, bool atomic, const void* pc,
            int stack, Race& race);

  // Whether the thread has made such a plain access to these bytes since its clock last moved. Then this access need
  // not be recorded: every access that races with it also races with the earlier one. False if this cannot be decided
  // quickly.
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
           (latest->write || !write) && !latest->atomic && !latest->ends_lifetime();
  }

  // The block is being freed. Returns whether some access to it does not happen before the free.
  bool Free(int thread, std::uintptr_t address, std::size_t size, Race& race);
  // The block is handed out. Reuse(): as ordinary memory that no thread has accessed. Allocate(): as memory that the
  // thread has written, so that the first access by any other thread must be ordered after this.
  void Reuse(std::uintptr_t address, std::size_t size);
  void Allocate(int thread, int number, std::uintptr_t address, std::size_t size, const void* pc, int stack);

  // Objects that are later created in this memory do not pass on what its former objects have released.
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
  static constexpr std::size_t kCells = 512;  // Of a page; each is for one granule.
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

  // If an execution is so long that undoing it would take too much memory, it is recomputed each time. From then on,
  // the memory of superseded accesses is reused for new ones.
  bool saves() const { return clocks_saved_.saves() && further_quads_saved_.saves() && links_saved_.saves(); }
  void Recycle(Access* access) {
    if (saves() || access->allocates()) return;
    access->next = recycled_;
    recycled_ = access;
  }

  // The program may acquire what libraries release, and the reverse: both use the same atomics.
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
  const Cell* FindCell(std::uintptr_t address);  // Null if no memory near it has been accessed.
  Access* NewAccess();
  bool NoteInCell(Cell& cell, Access& access, Race& race);
  bool Knows(std::uintptr_t granule, const Access& access);

  // Whether the thread's actions order nothing, or their results are already known.
  bool Skips(int thread) const { return repeating_ || (unordered_ >> thread & 1) != 0; }

  int slots_ = kMaxThreads;  // Slots that have been used.
  ThreadSet unordered_ = 0;  // Threads whose order is ignored.
  VectorClock clock_[kMaxThreads];
  VectorClock to_acquire_[kMaxThreads];  // Clocks that relaxed loads have read, for a later acquire fence.
  VectorClock fence_[kMaxThreads];       // Of the latest release fence, for later relaxed stores.
  VectorClock crossed_;                  // What Cross() passes on,
  VectorClock released_to_libraries_;    // and what it acquires in addition.
  Access* latest_[kMaxThreads] = {};     // In each slot.
  AddressMap<Object*> objects_;
  AddressMap<Object*> objects_in_page_;
  Vector<Object*> all_objects_;  // Reused after everything has been forgotten.
  std::size_t objects_used_ = 0;

  std::uint64_t generation_ = 0;  // How often everything has been forgotten.
  AddressMap<ShadowPage*> pages_;
  static constexpr std::size_t kRecent = 64;
  std::uintptr_t recent_number_[kRecent] = {};
  ShadowPage* recent_page_[kRecent] = {};
  Vector<Access*> blocks_;  // Of accesses; reused by each execution.
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
  UndoLog<VectorClock::Quad> further_quads_saved_;  // Of the same clocks, if they have more than one quad.
  UndoLog<SavedLink> links_saved_;
  Vector<Mark> marks_;  // How much had been saved before each step.
  bool repeating_ = false;
  Access* recycled_ = nullptr;
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_HAPPENS_BEFORE_H_
