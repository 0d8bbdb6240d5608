#ifndef RACELAB_SANITIZERS_INTERLEAVE_PROGRAM_FUNCTIONS_H_
#define RACELAB_SANITIZERS_INTERLEAVE_PROGRAM_FUNCTIONS_H_

#include <link.h>

#include <cstddef>
#include <cstdint>

namespace racelab::interleave {

// Functions of the program, not of its libraries, that the C library runs before or after main().
struct ProgramFunctions {
  void (**begin)() = nullptr;
  std::size_t count = 0;
};

// The dynamic section says where they are, and how many bytes they have: DT_INIT_ARRAY and DT_INIT_ARRAYSZ, or
// DT_FINI_ARRAY and DT_FINI_ARRAYSZ.
ProgramFunctions FunctionsOfProgram(std::int64_t array, std::int64_t bytes);

// Called before a thread is created outside of an execution. If that is done by a constructor of a global, the program
// begins anew, and its constructors are explored, too (start.cc).
void ExploreConstructors();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_PROGRAM_FUNCTIONS_H_
