#ifndef RACELAB_SANITIZERS_INTERLEAVE_SYSTEM_MEMORY_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SYSTEM_MEMORY_H_

#include <cstddef>

namespace racelab::interleave {

// Fresh zeroed pages from the kernel, which count once they are touched; null if it has none. (mmap() itself is one of
// the functions that this runtime stands in for.)
void* MapPages(std::size_t bytes);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SYSTEM_MEMORY_H_
