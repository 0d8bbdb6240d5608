#ifndef RACELAB_TESTS_SANITIZERS_EXPLORED_KERNEL_KERNEL_H_
#define RACELAB_TESTS_SANITIZERS_EXPLORED_KERNEL_KERNEL_H_

#include <thread>

#include "tests/sanitizers/explored/run_named.h"

namespace racelab {

// Programs that call the kernel.
RightOrWrongPrograms Descriptors();
RightOrWrongPrograms Signals();
RightOrWrongPrograms Process();
RightOrWrongPrograms Stacks();
RightOrWrongPrograms Streams();

template <typename... Functions>
void AllOf(Functions... functions) {
  std::thread threads[] = {std::thread(functions)...};
  for (std::thread& thread : threads) thread.join();
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_EXPLORED_KERNEL_KERNEL_H_
