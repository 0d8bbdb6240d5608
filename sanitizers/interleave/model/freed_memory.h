#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_FREED_MEMORY_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_FREED_MEMORY_H_

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/happens_before.h"
#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// The blocks that an execution has freed and not reused: one bit for each 16 bytes of the heap, which every access
// checks, and the history of each block, for the report.
class FreedMemory {
 public:
  struct Block {
    std::uintptr_t address;
    std::size_t size;
    Access freed;  // By which thread and where.
    int size_class;
  };

  // Forgets the blocks that the last execution freed.
  void BeginExecution();

  void Add(std::uintptr_t address, std::size_t size, int size_class, const Access& freed);
  void Remove(std::uintptr_t address, std::size_t size);

  bool Contains(std::uintptr_t address) const {
    const std::uintptr_t offset = address - arena.begin;
    return bits_ != nullptr && offset < Arena::kReserved && (bits_[offset / 128] >> (offset / 16 % 8) & 1);
  }
  bool Contains(std::uintptr_t address, std::size_t size) const {
    return Contains(address) || (size > 16 && Contains(address + size - 1));
  }

  // The latest block that contained the address; null if there is none.
  const Block* Find(std::uintptr_t address, std::size_t size) const;

 private:
  void Mark(std::uintptr_t address, std::size_t size, bool freed);

  unsigned char* bits_ = nullptr;
  Vector<Block> blocks_;
};

extern FreedMemory freed_memory;

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_FREED_MEMORY_H_
