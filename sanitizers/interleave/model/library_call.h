#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_LIBRARY_CALL_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_LIBRARY_CALL_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// Calls of uninstrumented libraries, if these calls are steps (library_calls.h). They all depend on each other, because
// the order that a library's own atomics establish is unknown.

// The element of Execution::promoted that makes these calls steps, and the object of the steps; no granule has this
// address.
inline constexpr std::uintptr_t kLibraryCalls = 4;

// kCall, kReturn, kCallBack, kReturnToLibrary. `called` is a place in the library.
Operation OnLibraryCalls(Kind kind, const void* called, const void* pc);

// The names of these operations in reports; null for any other.
const char* NameOnLibraryCalls(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_LIBRARY_CALL_H_
