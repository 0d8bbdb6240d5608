#ifndef RACELAB_SANITIZERS_INTERLEAVE_CONSTRUCTORS_H_
#define RACELAB_SANITIZERS_INTERLEAVE_CONSTRUCTORS_H_

namespace racelab::interleave {

// The constructors of globals run once, before the exploration, unless one of them starts a thread. Then the program
// begins anew, and the constructors of the program, and of its libraries that were built with the sanitizer, are part
// of each execution. (Those of other libraries are not: their threads cannot be explored.)

// What the C library passes to main() and to constructors.
struct Arguments {
  int count = 0;
  char** values = nullptr;
  char** environment = nullptr;
};

// Called when the runtime is loaded, before the libraries that need it are initialised. If constructors are part of
// executions, keeps the loader from calling those of the libraries.
void PrepareConstructors(const Arguments& arguments);

// Calls the constructors that the loader has been kept from calling; those of the program.
void RunConstructorsOfLibraries(const Arguments& arguments);
void RunConstructorsOfProgram(const Arguments& arguments);

// Called before a thread is created outside of an execution. Begins the program anew, if this is done by a constructor
// and could help.
void ExploreConstructors();
void MainBegins();
bool MainHasBegun();

// The program's own functions with the attribute `destructor`, except the first, which is the compiler's and would run
// the C library's list of handlers.
void RunDestructorFunctions();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_CONSTRUCTORS_H_
