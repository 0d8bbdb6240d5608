// Compiled without the sanitizer. No template may be used here: the linker could take its instance for everybody's.

#include "tests/support/block_count.h"

#include <cstddef>
#include <cstdint>

namespace racelab {
namespace {

int blocks = 0;
std::int64_t bytes_in_use = 0;

}  // namespace

void CountAllocation(std::size_t bytes) {
  __atomic_fetch_add(&blocks, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&bytes_in_use, bytes, __ATOMIC_RELAXED);
}

void CountDeallocation(std::size_t bytes) {
  __atomic_fetch_sub(&blocks, 1, __ATOMIC_RELAXED);
  __atomic_fetch_sub(&bytes_in_use, bytes, __ATOMIC_RELAXED);
}

int Blocks() { return __atomic_load_n(&blocks, __ATOMIC_RELAXED); }

std::int64_t Bytes() { return __atomic_load_n(&bytes_in_use, __ATOMIC_RELAXED); }

}  // namespace racelab
