#ifndef RACELAB_SANITIZERS_INTERLEAVE_LIBRARY_CALLS_H_
#define RACELAB_SANITIZERS_INTERLEAVE_LIBRARY_CALLS_H_

#include <cstdint>

#include "sanitizers/interleave/model/library_call.h"
#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// Libraries that were built without the sanitizer and use atomic instructions. The runtime does not see how these order
// threads, and they are not steps. It sees where the program calls such a library, and where the library calls the
// program.
//
// The search first relies on what it sees. This leaves two questions open. A data race may not be one, because a
// library orders the two accesses. And if a library has locks of its own, "every interleaving holds" covers only the
// interleavings in which its calls come in one order. In either case the search begins again, and each call and each
// return becomes a step that happens before all later ones. A race that is still found is real: there is an
// interleaving in which no library was called between the two accesses.

// Like kLibraryCalls, for an atomic of the program that a library was found to write as well: its accesses conflict
// with the calls.
inline std::uintptr_t SharedWithLibraries(std::uintptr_t atomic) { return (atomic & ~std::uintptr_t{7}) + 2; }

// Finds such libraries, and arranges for the program's calls of them to be noticed.
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

// The function that an operation of these kinds calls, or that calls it.
const char* NameOfCalled(const Operation& operation);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_LIBRARY_CALLS_H_
