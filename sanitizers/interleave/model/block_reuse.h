#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_BLOCK_REUSE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_BLOCK_REUSE_H_

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// Whether the next allocation of a size reuses the block that was freed last is unspecified. By default the block is
// reused, and the search does not vary which thread allocates before the free and which after. Both possibilities are
// tried where a stale pointer could matter: when a global variable of the program still points to the block at its
// thread's next visible operation, or when a compare-exchange expects such a pointer. Then freeing and allocating
// blocks of that size become steps, and the search starts again. (Words on stacks and in the heap are no evidence: they
// may be left-over values.)

// The address that represents the blocks of a size class in Execution::promoted and in operations. No granule has this
// address.
inline std::uintptr_t BlocksOfClass(int size_class) { return 8 * (static_cast<std::uintptr_t>(size_class) + 1); }
inline bool IsBlocksOfClass(std::uintptr_t memory) { return memory < 4096 && memory % 8 == 0; }

// An element of Execution::promoted: no freed block is reused.
inline constexpr std::uintptr_t kOnlyFreshBlocks = 12;

// The step of allocating (kAllocate) or freeing (kFree) such a block.
Operation OnBlocks(Kind kind, int size_class, const void* pc);

// The names of these operations in reports; null for any other.
const char* NameOnBlocks(Kind kind);

// Whether a global variable of the program points into the block.
bool IsPointedAt(std::uintptr_t block, std::size_t size);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_BLOCK_REUSE_H_
