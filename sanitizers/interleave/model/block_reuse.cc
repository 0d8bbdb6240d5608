#include "sanitizers/interleave/model/block_reuse.h"

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/model/freed_memory.h"
#include "sanitizers/interleave/snapshot.h"

namespace racelab::interleave {
namespace {

constexpr std::size_t kMostOfHeap = 1 << 20;  // The latest bytes of it.

// Whether a word from `begin` to `end`, but for those of freed blocks and of the block itself, points into the block.
bool Points(std::uintptr_t begin, std::uintptr_t end, std::uintptr_t block, std::size_t size) {
  for (std::uintptr_t place = (begin + 7) & ~std::uintptr_t{7}; place + 8 <= end; place += 8) {
    if (Value(place, 8) - block < size && place - block >= size && !freed_memory.Contains(place)) return true;
  }
  return false;
}

}  // namespace

Operation OnBlocks(Kind kind, int size_class, const void* pc) {
  Operation operation;
  operation.kind = kind;
  operation.reads = operation.changes = kContent;
  operation.size = 1;
  operation.address = BlocksOfClass(size_class);
  operation.pc = pc;
  return operation;
}

bool IsPointedAt(std::uintptr_t block, std::size_t size) {
  const std::uintptr_t heap_end = arena.state.next;
  const std::uintptr_t heap = heap_end - arena.begin > kMostOfHeap ? heap_end - kMostOfHeap : arena.begin;
  if (Points(heap, heap_end, block, size)) return true;
  for (int slot = 1; slot < execution.slots(); ++slot) {
    const Fibre& fibre = execution.threads[slot].fibre;
    if (slot == execution.current || execution.states.Is(ThreadState::kFinished, slot)) continue;
    const auto top = reinterpret_cast<std::uintptr_t>(fibre.stack) + fibre.stack_size;
    if (Points(reinterpret_cast<std::uintptr_t>(fibre.stack_pointer), top, block, size)) return true;
  }
  struct Wanted {
    std::uintptr_t block;
    std::size_t size;
  } wanted = {block, size};
  return AnyWrittenPage(
      [](std::uintptr_t begin, std::uintptr_t end, void* argument) {
        const auto& [block, size] = *static_cast<Wanted*>(argument);
        return !arena.Contains(begin) && Points(begin, end, block, size);
      },
      &wanted);
}

}  // namespace racelab::interleave
