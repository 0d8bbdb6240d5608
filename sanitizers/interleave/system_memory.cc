#include "sanitizers/interleave/system_memory.h"

#include <sys/mman.h>

#include "sanitizers/interleave/interceptors/real.h"

namespace racelab::interleave {

void* MapPages(std::size_t bytes) {
  void* pages = REAL(mmap)(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return pages == MAP_FAILED ? nullptr : pages;
}

}  // namespace racelab::interleave
