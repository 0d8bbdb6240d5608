#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_THREAD_MEMORY_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_THREAD_MEMORY_H_

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/system_memory.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

// The stack and the thread-local variables of the threads in each slot, whose lifetime ends with the thread. Not those
// of T0: the main thread's stack outlives its pthread_exit(). Nor a stack that the program itself has provided.
class ThreadMemory {
 public:
  // Where the memory of the slot's next threads is. The stack may be an empty range.
  void Place(int slot, MemoryRange stack, MemoryRange locals);
  void PlaceMainStack(MemoryRange stack);

  void BeginExecution() {
    begun_ = ended_ = 0;
    main_stack_is_visited_ = false;
  }
  void Begin(int slot) {
    visited_now_[slot].clear();
    begun_ |= Only(slot);
    ended_ &= ~Only(slot);
  }
  void End(int slot) { ended_ |= Only(slot); }

  // Whether the address may be in the memory of another slot than `slot`.
  bool MayBeOfAnother(int slot, std::uintptr_t address) const {
    return address - lowest_ < highest_ - lowest_ && !Owns(slot, address);
  }
  // The slot of the thread that has ended and to whose memory the address belonged; -1 if there is none.
  int EndedAt(std::uintptr_t address) const { return OwnerOf(address, ended_); }
  bool IsOnMainStack(std::uintptr_t address) const { return Contains(stack_[0], address); }
  // Whether the address is on the slot's own stack, and no other thread has accessed it in this execution. (If earlier
  // executions counted, the same steps might not lead to the same decisions.)
  bool IsPrivate(int slot, std::uintptr_t address) const {
    return Contains(stack_[slot], address) && (slot == 0 ? !main_stack_is_visited_ : !IsVisited(slot, address));
  }
  // Notes that the address is accessed, by another thread than its owner, if it has one.
  void NoteVisit(std::uintptr_t address);
  void NoteVisitOfMainStack() { main_stack_is_visited_ = stacks_are_shared = true; }
  // Whether any thread has accessed another one's stack, in this or an earlier execution.
  bool stacks_are_shared = false;
  // The granules of the slot's memory that other threads have accessed, in this or an earlier execution.
  const Vector<std::uintptr_t>& VisitedIn(int slot) const { return visited_[slot]; }

 private:
  static constexpr std::size_t kMostVisited = 4096;  // Further granules of a slot are not noted.

  bool Owns(int slot, std::uintptr_t address) const {
    return Contains(stack_[slot], address) || Contains(locals_[slot], address);
  }
  static bool Contains(const MemoryRange& range, std::uintptr_t address) {
    return address - range.begin < range.end - range.begin;
  }
  void Cover(const MemoryRange& range);
  static void Insert(Vector<std::uintptr_t>& sorted, std::uintptr_t granule);
  bool IsVisited(int slot, std::uintptr_t address) const;
  int OwnerOf(std::uintptr_t address, ThreadSet slots) const;

  ThreadSet begun_ = 0, ended_ = 0;  // Slots of threads that have begun; of these, those that have ended.
  std::uintptr_t lowest_ = UINTPTR_MAX, highest_ = UINTPTR_MAX;  // All memory of threads is between them.
  MemoryRange stack_[kMaxThreads] = {};
  MemoryRange locals_[kMaxThreads] = {};
  Vector<std::uintptr_t> visited_[kMaxThreads];      // Sorted.
  Vector<std::uintptr_t> visited_now_[kMaxThreads];  // Sorted; in this execution.
  bool main_stack_is_visited_ = false;
};

extern ThreadMemory thread_memory;

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_THREAD_MEMORY_H_
