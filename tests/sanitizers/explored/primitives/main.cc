// The programs of primitives.h:
//   primitives right mutex
//   primitives list

#include <cstdio>
#include <cstring>

#include "tests/sanitizers/explored/primitives/primitives.h"

int main(int argc, char** argv) {
  const bool lists = argc == 2 && std::strcmp(argv[1], "list") == 0;
  if (!lists && argc != 3) return 2;
  for (const auto group :
       {racelab::Locks, racelab::Waits, racelab::Memory, racelab::Abseil, racelab::Threads, racelab::Ends,
        racelab::Fairness, racelab::Announcements, racelab::Uses, racelab::Posix, racelab::Cancellation}) {
    for (const racelab::Primitive& primitive : group()) {
      if (lists) {
        std::puts(primitive.name);
      } else if (std::strcmp(primitive.name, argv[2]) == 0) {
        primitive.run(std::strcmp(argv[1], "right") == 0);
        return 0;
      }
    }
  }
  return lists ? 0 : 2;
}
