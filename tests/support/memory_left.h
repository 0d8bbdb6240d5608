#ifndef RACELAB_TESTS_SUPPORT_MEMORY_LEFT_H_
#define RACELAB_TESTS_SUPPORT_MEMORY_LEFT_H_

#include <thread>

#include "absl/functional/function_ref.h"
#include "tests/support/block_count.h"

namespace racelab {

// How many blocks of `operator new` are left when `work` is done: those that nobody has given back. What is allocated
// only once in a program does not count, so `work` is done twice; nor does what a thread keeps for itself until it
// ends, so `work` is done on a thread of its own.
//
//   EXPECT_EQ(BlocksLeftBy([] { TopOfBook book({1, 2}); }), 0);
inline int BlocksLeftBy(absl::FunctionRef<void()> work) {
  std::thread(work).join();
  const int before = Blocks();
  std::thread(work).join();
  return Blocks() - before;
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_MEMORY_LEFT_H_
