#ifndef RACELAB_TESTS_SUPPORT_BLOCK_COUNT_H_
#define RACELAB_TESTS_SUPPORT_BLOCK_COUNT_H_

#include <cstddef>
#include <cstdint>

namespace racelab {

// What there is of `operator new`, on all threads together. Neither detector sees the count: an allocation is no step
// of a thread, and orders nothing.
void CountAllocation(std::size_t bytes);
void CountDeallocation(std::size_t bytes);
int Blocks();
std::int64_t Bytes();

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_BLOCK_COUNT_H_
