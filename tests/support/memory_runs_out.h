#ifndef RACELAB_TESTS_SUPPORT_MEMORY_RUNS_OUT_H_
#define RACELAB_TESTS_SUPPORT_MEMORY_RUNS_OUT_H_

#include "absl/functional/function_ref.h"

namespace racelab {

// Calls `work`, during which this thread can make only `allocations` allocations: the next `operator new` throws
// std::bad_alloc, once. Returns whether it threw; `work` may handle the exception or let it pass.
//
//   for (int allocations = 0, ran_out = true; ran_out; ++allocations) {
//     ProgressLog log(2);
//     ran_out = MemoryRunsOut(allocations, [&] { log.Append("func1", 1); });
//     ...  // Whatever the log promises must still hold.
//   }
//
// Exceptions other than std::bad_alloc are passed on. Allocations on other threads do not fail.
bool MemoryRunsOut(int allocations, absl::FunctionRef<void()> work);

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_MEMORY_RUNS_OUT_H_
