// The programs of primitives.h:
//   primitives right mutex
//   primitives list

#include <cstdio>
#include <string>

#include "tests/sanitizers/explored/primitives/primitives.h"

int main(int argc, char** argv) {
  racelab::Primitives primitives;
  for (const auto& group :
       {racelab::Locks, racelab::Waits, racelab::Memory, racelab::Abseil, racelab::Threads, racelab::Ends,
        racelab::Fairness, racelab::Announcements, racelab::Uses, racelab::Posix, racelab::Cancellation}) {
    primitives.insert(group().begin(), group().end());
  }
  if (argc == 2 && std::string(argv[1]) == "list") {
    for (const auto& [name, function] : primitives) std::puts(name.c_str());
    return 0;
  }
  const auto found = argc == 3 ? primitives.find(argv[2]) : primitives.end();
  if (found == primitives.end()) return 2;
  found->second(std::string(argv[1]) == "right");
  return 0;
}
