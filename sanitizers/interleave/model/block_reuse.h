#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_BLOCK_REUSE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_BLOCK_REUSE_H_

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// Whether a freed block's address goes to the next allocation of its size is nobody's to say. By default it does, and
// who allocates before and who after the block is freed makes no difference. Both are tried where a pointer to the
// block could tell: if one is left in the program's memory when the block is freed, then to free and to allocate blocks
// of that size become steps, and the search begins anew.

// The memory that stands for the blocks of a size class in Execution::promoted and in operations: no granule's address.
inline std::uintptr_t BlocksOfClass(int size_class) { return 8 * (static_cast<std::uintptr_t>(size_class) + 1); }
inline bool IsBlocksOfClass(std::uintptr_t memory) { return memory < 4096; }

// The step of allocating (kAllocate) or freeing (kFree) one.
Operation OnBlocks(Kind kind, int size_class, const void* pc);

// Whether a global variable, a block of the heap, or the stack of a thread other than the running one and the first
// holds a pointer into the block. (The first thread's stack is full of what it has left there.)
bool IsPointedAt(std::uintptr_t block, std::size_t size);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_BLOCK_REUSE_H_
