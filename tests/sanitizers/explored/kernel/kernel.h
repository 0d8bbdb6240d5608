#ifndef RACELAB_TESTS_SANITIZERS_EXPLORED_KERNEL_KERNEL_H_
#define RACELAB_TESTS_SANITIZERS_EXPLORED_KERNEL_KERNEL_H_

#include <map>
#include <string>
#include <thread>

namespace racelab {

// Programs that call the kernel: each is right, or wrong so that at least one interleaving shows it.
using KernelPrograms = std::map<std::string, void (*)(bool right)>;

const KernelPrograms& Descriptors();
const KernelPrograms& Signals();
const KernelPrograms& Process();
const KernelPrograms& Stacks();
const KernelPrograms& Streams();

template <typename... Functions>
void AllOf(Functions... functions) {
  std::thread threads[] = {std::thread(functions)...};
  for (std::thread& thread : threads) thread.join();
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_EXPLORED_KERNEL_KERNEL_H_
