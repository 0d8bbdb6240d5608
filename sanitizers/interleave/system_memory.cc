// Memory from the kernel.

#include "sanitizers/interleave/system_memory.h"

#include <sys/mman.h>

#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {

void* MapPages(std::size_t bytes) {
  const long pages = SystemCall(SYS_mmap, 0, static_cast<long>(bytes), PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return IsError(pages) ? nullptr : reinterpret_cast<void*>(pages);
}

}  // namespace racelab::interleave
