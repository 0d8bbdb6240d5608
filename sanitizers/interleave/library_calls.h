#ifndef RACELAB_SANITIZERS_INTERLEAVE_LIBRARY_CALLS_H_
#define RACELAB_SANITIZERS_INTERLEAVE_LIBRARY_CALLS_H_

#include <cstdint>

#include "sanitizers/interleave/model/library_call.h"
#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// Libraries that were built without the sanitizer and use atomic instructions. The runtime does not see these
// instructions: they are not steps, and their ordering of threads is unknown. The runtime sees only where the program
// calls such a library, and where the library calls the program.
//
// The search first ignores the libraries. This leaves two questions open. A reported data race may be none, because a
// library orders the two accesses. And if a library has its own locks, "every interleaving holds" covers only the
// interleavings in which its calls come in one order. In either case the search restarts, and each call and each return
// becomes a step that happens before all later ones. A race that is still found is real: there is an interleaving in
// which no library was called between the two accesses.

// Like kLibraryCalls, for an atomic of the program that a library was found to write as well: its accesses conflict
// with the calls.
inline std::uintptr_t SharedWithLibraries(std::uintptr_t atomic) { return (atomic & ~std::uintptr_t{7}) + 2; }

// Finds such libraries, and redirects the program's calls of them through stubs.
void FindLibraries();

// Whether these calls are steps, from the next execution on.
void UseLibraryCalls(bool are_steps);

// Whether the program has called such a library; whether one of them has locks of its own.
bool LibrariesMayOrder();
bool LibrariesMayWait();
// The names of the libraries that the program has called.
Vector<const char*> UnseenLibraries();

bool IsInUnseenLibrary(const void* pc);

// A function of the program that returns to `caller` begins or ends.
void CrossIfCalledBack(const void* caller, bool begins);

// The function that such an operation calls, or from which it calls back.
const char* NameOfCalled(const Operation& operation);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_LIBRARY_CALLS_H_
