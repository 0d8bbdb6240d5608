#ifndef RACELAB_TESTS_SANITIZERS_EXPLORED_PRIMITIVES_PRIMITIVES_H_
#define RACELAB_TESTS_SANITIZERS_EXPLORED_PRIMITIVES_PRIMITIVES_H_

#include <map>
#include <string>
#include <thread>

namespace racelab {

// For each primitive that the second runtime models, a program that is right and one that is wrong: it fails an
// assertion, hangs or races in at least one interleaving.
using Primitives = std::map<std::string, void (*)(bool right)>;

const Primitives& Locks();
const Primitives& Waits();
const Primitives& Memory();
const Primitives& Abseil();
const Primitives& Threads();
const Primitives& Ends();
const Primitives& Fairness();
const Primitives& Posix();
const Primitives& Cancellation();
const Primitives& Announcements();
const Primitives& Uses();

template <typename... Functions>
void Together(Functions... functions) {
  std::thread threads[] = {std::thread(functions)...};
  for (std::thread& thread : threads) thread.join();
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_EXPLORED_PRIMITIVES_PRIMITIVES_H_
