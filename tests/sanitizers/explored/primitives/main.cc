// The programs of primitives.h:
//   primitives right mutex
//   primitives list

#include "tests/sanitizers/explored/primitives/primitives.h"

int main(int argc, char** argv) {
  using namespace racelab;
  return RunRightOrWrong({Locks, Waits, Memory, Abseil, Threads, Ends, EndedThreads, Fairness, Clocks, Announcements,
                          Uses, Posix, Cancellation},
                         argc, argv);
}
