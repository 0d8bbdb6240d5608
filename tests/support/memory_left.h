#ifndef RACELAB_TESTS_SUPPORT_MEMORY_LEFT_H_
#define RACELAB_TESTS_SUPPORT_MEMORY_LEFT_H_

#include <thread>

#include "absl/functional/function_ref.h"
#include "tests/support/block_count.h"

namespace racelab {

// How many blocks of `operator new` are left when `work` is done: those that nobody has given back. What is allocated
// only once in a program does not count, so `work` is done once before; nor does what a thread keeps for itself until
// it ends, so `work` is done on a thread of its own. A detached thread may give back its last blocks a little later, so
// `work` is done many times, and less than a block for each time is none.
//
//   EXPECT_EQ(BlocksLeftBy([] { TopOfBook book({1, 2}); }), 0);
inline int BlocksLeftBy(absl::FunctionRef<void()> work) {
  constexpr int kTimes = 20;
  std::thread(work).join();
  const int before = Blocks();
  for (int i = 0; i < kTimes; ++i) std::thread(work).join();
  return (Blocks() - before) / kTimes;
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_MEMORY_LEFT_H_
