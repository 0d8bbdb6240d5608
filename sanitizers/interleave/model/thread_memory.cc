#include "sanitizers/interleave/model/thread_memory.h"

#include <algorithm>

namespace racelab::interleave {

ThreadMemory thread_memory;

void ThreadMemory::Place(int slot, MemoryRange stack, MemoryRange locals) {
  stack_[slot] = stack;
  locals_[slot] = locals;
  Cover(stack);
  Cover(locals);
}

void ThreadMemory::PlaceMainStack(MemoryRange stack) {
  stack_[0] = stack;
  Cover(stack);
}

void ThreadMemory::Cover(const MemoryRange& range) {
  if (range.begin == range.end) return;
  highest_ = lowest_ == UINTPTR_MAX ? range.end : std::max(highest_, range.end);
  lowest_ = std::min(lowest_, range.begin);
}

int ThreadMemory::OwnerOf(std::uintptr_t address, ThreadSet slots) const {
  for (; slots != 0; slots &= slots - 1) {
    if (Owns(Lowest(slots), address)) return Lowest(slots);
  }
  return -1;
}

bool ThreadMemory::IsVisited(int slot, std::uintptr_t address) const {
  return std::binary_search(visited_now_[slot].begin(), visited_now_[slot].end(), address & ~std::uintptr_t{7});
}

void ThreadMemory::Insert(Vector<std::uintptr_t>& sorted, std::uintptr_t granule) {
  const auto place = std::lower_bound(sorted.begin(), sorted.end(), granule);
  if ((place == sorted.end() || *place != granule) && sorted.size() < kMostVisited) sorted.insert(place, granule);
}

void ThreadMemory::NoteVisit(std::uintptr_t address) {
  const int owner = OwnerOf(address, begun_);
  if (owner < 0) return;
  stacks_are_shared |= Contains(stack_[owner], address);
  Insert(visited_[owner], address & ~std::uintptr_t{7});
  Insert(visited_now_[owner], address & ~std::uintptr_t{7});
}

}  // namespace racelab::interleave
