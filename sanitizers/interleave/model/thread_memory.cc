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
  return std::binary_search(visited_[slot].begin(), visited_[slot].end(), address & ~std::uintptr_t{7});
}

void ThreadMemory::NoteVisit(std::uintptr_t address) {
  const int owner = OwnerOf(address, begun_);
  if (owner < 0) return;
  stacks_are_shared |= Contains(stack_[owner], address);
  Vector<std::uintptr_t>& visited = visited_[owner];
  const std::uintptr_t granule = address & ~std::uintptr_t{7};
  const auto place = std::lower_bound(visited.begin(), visited.end(), granule);
  if ((place == visited.end() || *place != granule) && visited.size() < kMostVisited) visited.insert(place, granule);
}

}  // namespace racelab::interleave
