#ifndef RACELAB_SANITIZERS_INTERLEAVE_LIBRARY_CALLS_H_
#define RACELAB_SANITIZERS_INTERLEAVE_LIBRARY_CALLS_H_

#include <cstdint>

#include "sanitizers/interleave/model/library_call.h"
#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// Libraries that were built without the sanitizer and use atomic instructions: how these order threads is not seen, nor
// are they steps. What is seen is where the program calls such a library, and where the library calls the program.
//
// The search first goes by what it sees. There are two things that this cannot answer. A data race may be none, because
// a library orders the two accesses; and if a library has locks of its own, "every interleaving holds" is a word about
// those interleavings only in which its calls come in one order. In either case the search begins anew, and each call
// and each return becomes a step; at each of them a thread hands over to all later ones. A race that is still found is
// one: in an interleaving in which no library was called between the two accesses.

// Likewise, for an atomic of the program that a library was found to write, too: its accesses conflict with the calls.
inline std::uintptr_t SharedWithLibraries(std::uintptr_t atomic) { return (atomic & ~std::uintptr_t{7}) + 2; }

// Finds such libraries, and sees to it that the program's calls of them are noticed.
void FindLibraries();

// Whether these calls are steps, from the next execution on.
void UseLibraryCalls(bool are_steps);

// Whether the program has called such a library; and whether one of them has locks of its own.
bool LibrariesMayOrder();
bool LibrariesMayWait();
// The names of those that it has called.
Vector<const char*> UnseenLibraries();

bool IsInUnseenLibrary(const void* pc);

// A function of the program that goes back to `caller` begins, or ends.
void CrossIfCalledBack(const void* caller, bool begins);

// What an operation of these kinds calls, or is called by.
const char* NameOfCalled(const Operation& operation);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_LIBRARY_CALLS_H_
