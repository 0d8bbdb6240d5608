#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_BLOCK_REUSE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_BLOCK_REUSE_H_

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// Whether a freed block's address goes to the next allocation of its size is nobody's to say. By default it does, and
// who allocates before and who after the block is freed makes no difference. Both are tried where a stale pointer could
// tell: if a global variable of the program still points to the block when its thread next does something visible, or
// if a compare-exchange expects such a pointer. Then to free and to allocate blocks of that size become steps, and the
// search begins anew. (Words on stacks and in the heap are no evidence: they are full of what has been left there.)

// The memory that stands for the blocks of a size class in Execution::promoted and in operations: no granule's address.
inline std::uintptr_t BlocksOfClass(int size_class) { return 8 * (static_cast<std::uintptr_t>(size_class) + 1); }
inline bool IsBlocksOfClass(std::uintptr_t memory) { return memory < 4096 && memory % 8 == 0; }

// In Execution::promoted: no freed block is handed out again.
inline constexpr std::uintptr_t kOnlyFreshBlocks = 12;

// The step of allocating (kAllocate) or freeing (kFree) one.
Operation OnBlocks(Kind kind, int size_class, const void* pc);

// The names of these operations in reports; null for any other.
const char* NameOnBlocks(Kind kind);

// Whether a global variable of the program points into the block.
bool IsPointedAt(std::uintptr_t block, std::size_t size);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_BLOCK_REUSE_H_
