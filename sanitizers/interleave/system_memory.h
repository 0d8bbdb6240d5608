#ifndef RACELAB_SANITIZERS_INTERLEAVE_SYSTEM_MEMORY_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SYSTEM_MEMORY_H_

#include <cstddef>
#include <cstdint>

namespace racelab::interleave {

inline constexpr std::uintptr_t kPage = 4096;
// The start of the page that contains `address`; the first start of a page at or after `address`.
constexpr std::uintptr_t PageOf(std::uintptr_t address) { return address & ~(kPage - 1); }
constexpr std::uintptr_t PageAfter(std::uintptr_t address) { return PageOf(address + kPage - 1); }

struct MemoryRange {
  std::uintptr_t begin = 0, end = 0;
};

// Fresh zeroed pages from the kernel, which use memory only once they are touched; null if the kernel has none. (mmap()
// itself is one of the functions that this runtime replaces.)
void* MapPages(std::size_t bytes);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SYSTEM_MEMORY_H_
