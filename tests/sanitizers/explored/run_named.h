#ifndef RACELAB_TESTS_SANITIZERS_EXPLORED_RUN_NAMED_H_
#define RACELAB_TESTS_SANITIZERS_EXPLORED_RUN_NAMED_H_

#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "absl/types/span.h"

// Several small programs in an executable, which names one of them by its arguments. They are in arrays rather than in
// maps, because each execution of each program begins with a search in them.

// A program that is named by the only argument.
struct NamedProgram {
  const char* name;
  void (*run)();
};

// A program that is right, or wrong so that at least one interleaving shows it: `EXECUTABLE right NAME`.
struct RightOrWrongProgram {
  const char* name;
  void (*run)(bool right);
};
using RightOrWrongPrograms = absl::Span<const RightOrWrongProgram>;

// What main() returns.
inline int RunNamed(absl::Span<const NamedProgram> programs, int argc, char** argv) {
  for (const NamedProgram& program : programs) {
    if (argc != 2 || std::strcmp(argv[1], program.name) != 0) continue;
    program.run();
    return 0;
  }
  std::fputs("name one of the programs\n", stderr);
  return 2;
}

// What main() returns. `EXECUTABLE list` prints the names.
inline int RunRightOrWrong(std::initializer_list<RightOrWrongPrograms (*)()> groups, int argc, char** argv) {
  const bool lists = argc == 2 && std::strcmp(argv[1], "list") == 0;
  if (!lists && argc != 3) return 2;
  for (const auto group : groups) {
    for (const RightOrWrongProgram& program : group()) {
      if (lists) {
        std::puts(program.name);
      } else if (std::strcmp(program.name, argv[2]) == 0) {
        program.run(std::strcmp(argv[1], "right") == 0);
        return 0;
      }
    }
  }
  return lists ? 0 : 2;
}

#endif  // RACELAB_TESTS_SANITIZERS_EXPLORED_RUN_NAMED_H_
