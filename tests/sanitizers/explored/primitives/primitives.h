#ifndef RACELAB_TESTS_SANITIZERS_EXPLORED_PRIMITIVES_PRIMITIVES_H_
#define RACELAB_TESTS_SANITIZERS_EXPLORED_PRIMITIVES_PRIMITIVES_H_

#include <thread>

#include "tests/sanitizers/explored/run_named.h"

namespace racelab {

// For each primitive that the second runtime models, a right program and a wrong one: the wrong one fails an assertion,
// hangs or races in at least one interleaving.
RightOrWrongPrograms Locks();
RightOrWrongPrograms Waits();
RightOrWrongPrograms Memory();
RightOrWrongPrograms Abseil();
RightOrWrongPrograms Threads();
RightOrWrongPrograms Ends();
RightOrWrongPrograms EndedThreads();
RightOrWrongPrograms Fairness();
RightOrWrongPrograms Clocks();
RightOrWrongPrograms Posix();
RightOrWrongPrograms Cancellation();
RightOrWrongPrograms Announcements();
RightOrWrongPrograms Uses();

template <typename... Functions>
void Together(Functions... functions) {
  std::thread threads[] = {std::thread(functions)...};
  for (std::thread& thread : threads) thread.join();
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_EXPLORED_PRIMITIVES_PRIMITIVES_H_
