#ifndef RACELAB_SANITIZERS_INTERLEAVE_ARENA_H_
#define RACELAB_SANITIZERS_INTERLEAVE_ARENA_H_

#include <cstddef>
#include <cstdint>

namespace racelab::interleave {

// The program's heap, which can be set back: equal calls in equal order give equal addresses in every execution. A
// freed block is the first to be handed out again, whichever thread asks: the hardest case for a compare-exchange over
// recycled nodes.
struct Arena {
  static constexpr std::size_t kReserved = std::size_t{4} << 30;  // Of address space; pages count once touched.
  static constexpr int kClasses = 104;

  // The part that is set back by copying it; the blocks themselves are set back by the snapshot of memory.
  struct State {
    std::uintptr_t next = 0;  // The first byte that has not been handed out yet.
    void* free[kClasses] = {};
  };

  std::uintptr_t begin = 0;
  State state;

  // A block with room for `bytes`, at a multiple of `alignment` (a power of two); null if the heap is full. `fresh`:
  // not one that has been freed.
  void* Allocate(std::size_t bytes, std::size_t alignment = 16, bool fresh = false);

  // Blocks of equal class take each other's places.
  static int ClassOf(std::size_t bytes, std::size_t alignment);
  static int ClassOf(const void* block);

  enum class Freed { kDone, kTwice, kNoBlock };
  Freed Free(void* block);

  // How many bytes were asked for; 0 if `block` was not handed out by Allocate().
  std::size_t Size(void* block) const;

  bool Contains(std::uintptr_t address) const { return address - begin < kReserved && begin != 0; }
};

extern Arena arena;

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_ARENA_H_
