#ifndef RACELAB_TESTS_SANITIZERS_EXPLORED_PRIMITIVES_PRIMITIVES_H_
#define RACELAB_TESTS_SANITIZERS_EXPLORED_PRIMITIVES_PRIMITIVES_H_

#include <span>
#include <thread>

namespace racelab {

// For each primitive that the second runtime models, a right program and a wrong one: the wrong one fails an assertion,
// hangs or races in at least one interleaving.
struct Primitive {
  const char* name;
  void (*run)(bool right);
};

// An array rather than a map, because each execution of each program begins with a search in it.
using Primitives = std::span<const Primitive>;

Primitives Locks();
Primitives Waits();
Primitives Memory();
Primitives Abseil();
Primitives Threads();
Primitives Ends();
Primitives Fairness();
Primitives Posix();
Primitives Cancellation();
Primitives Announcements();
Primitives Uses();

template <typename... Functions>
void Together(Functions... functions) {
  std::thread threads[] = {std::thread(functions)...};
  for (std::thread& thread : threads) thread.join();
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_EXPLORED_PRIMITIVES_PRIMITIVES_H_
