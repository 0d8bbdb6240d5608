#ifndef RACELAB_TESTS_SANITIZERS_EXPLORED_RUN_NAMED_H_
#define RACELAB_TESTS_SANITIZERS_EXPLORED_RUN_NAMED_H_

#include <cstdio>
#include <cstring>
#include <span>

// One of several small programs in an executable, which names it by its only argument.
struct NamedProgram {
  const char* name;
  void (*run)();
};

// What main() returns.
inline int RunNamed(std::span<const NamedProgram> programs, int argc, char** argv) {
  for (const NamedProgram& program : programs) {
    if (argc != 2 || std::strcmp(argv[1], program.name) != 0) continue;
    program.run();
    return 0;
  }
  std::fputs("name one of the programs\n", stderr);
  return 2;
}

#endif  // RACELAB_TESTS_SANITIZERS_EXPLORED_RUN_NAMED_H_
