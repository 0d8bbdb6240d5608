#include "tests/support/memory_runs_out.h"

#include <malloc.h>

#include <cstddef>
#include <cstdlib>
#include <new>

#include "tests/support/block_count.h"

namespace racelab {
namespace {

constexpr int kUnlimited = -1;

// The number of allocations that this thread may still make.
thread_local int allocations_left = kUnlimited;

}  // namespace

bool MemoryRunsOut(int allocations, absl::FunctionRef<void()> work) {
  allocations_left = allocations;
  try {
    work();
  } catch (const std::bad_alloc&) {
  }
  const bool ran_out = allocations_left == kUnlimited;
  allocations_left = kUnlimited;
  return ran_out;
}

}  // namespace racelab

// These replace the library's functions in every test: the linker finds them first.

__attribute__((no_sanitize("thread"))) void* operator new(std::size_t size) {
  if (racelab::allocations_left > 0) {
    --racelab::allocations_left;
  } else if (racelab::allocations_left == 0) {
    racelab::allocations_left = racelab::kUnlimited;  // The exception's handler has memory.
    throw std::bad_alloc();
  }
  void* const memory = std::malloc(size > 0 ? size : 1);
  if (memory == nullptr) throw std::bad_alloc();
  racelab::CountAllocation(malloc_usable_size(memory));
  return memory;
}

__attribute__((no_sanitize("thread"))) void operator delete(void* memory) noexcept {
  if (memory != nullptr) racelab::CountDeallocation(malloc_usable_size(memory));
  std::free(memory);
}
__attribute__((no_sanitize("thread"))) void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}
