#ifndef RACELAB_TESTS_SUPPORT_MEMORY_LEFT_H_
#define RACELAB_TESTS_SUPPORT_MEMORY_LEFT_H_

#include <cstdint>

#include "absl/functional/function_ref.h"

namespace racelab {

// How many blocks of `operator new` are left when `work` is done: those that nobody has given back. What is allocated
// only once in a program does not count, so `work` is done once before; nor does what a thread keeps for itself until
// it ends, so `work` is done on a thread of its own. It is done many times, and less than a block for each time is
// none.
//
//   EXPECT_EQ(BlocksLeftBy([] { TopOfBook book({1, 2}); }), 0);
int BlocksLeftBy(absl::FunctionRef<void()> work);

// How many bytes more `work` holds after it has been done `times` times more, if it has been done `times` times before.
// What holds a little for each time, such as a vector, holds at least `times` bytes more; a cache with fewer than
// `times` entries holds no more.
//
//   EXPECT_LT(BytesLeftBy(1'000, [&] { AnswerTo(1, server); }), 1'000);
std::int64_t BytesLeftBy(int times, absl::FunctionRef<void()> work);

// Both wait for the threads that `work` has detached, because they give their memory back when they end. A thread that
// stays is not waited for any longer.

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_MEMORY_LEFT_H_
