#ifndef RACELAB_TESTS_SUPPORT_BLOCK_COUNT_H_
#define RACELAB_TESTS_SUPPORT_BLOCK_COUNT_H_

namespace racelab {

// How many blocks of `operator new` there are, on all threads together. Neither detector sees the count: an allocation
// is no step of a thread, and orders nothing.
void CountBlocks(int more);
int Blocks();

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_BLOCK_COUNT_H_
