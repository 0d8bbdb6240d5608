#ifndef RACELAB_SANITIZERS_INTERLEAVE_ARENA_H_
#define RACELAB_SANITIZERS_INTERLEAVE_ARENA_H_

#include <cstddef>
#include <cstdint>

namespace racelab::interleave {

// The program's heap. It can be reset: the same calls in the same order return the same addresses in every execution.
// The block that was freed last is reused first, no matter which thread allocates. This is the hardest case for a
// compare-exchange over recycled nodes.
struct Arena {
  static constexpr std::size_t kReserved = std::size_t{4} << 30;  // Address space: untouched pages use no memory.
  static constexpr int kClasses = 104;

  // The part that is reset by copying it. The blocks themselves are reset by the snapshot of memory.
  struct State {
    std::uintptr_t next = 0;  // The first byte that has never been handed out.
    void* free[kClasses] = {};
  };

  std::uintptr_t begin = 0;
  State state;

  // A block with room for `bytes`, aligned to `alignment` (a power of two); null if the heap is full. If `fresh`, not a
  // block that was freed before.
  void* Allocate(std::size_t bytes, std::size_t alignment = 16, bool fresh = false);

  // A freed block is reused only for a block of the same class.
  static int ClassOf(std::size_t bytes, std::size_t alignment);
  static int ClassOf(const void* block);

  enum class Freed { kDone, kTwice, kNoBlock };
  Freed Free(void* block);

  // The number of bytes that were asked for; 0 if `block` did not come from Allocate().
  std::size_t Size(void* block) const;

  bool Contains(std::uintptr_t address) const { return address - begin < kReserved && begin != 0; }
};

extern Arena arena;

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_ARENA_H_
