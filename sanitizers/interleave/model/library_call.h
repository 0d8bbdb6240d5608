#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_LIBRARY_CALL_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_LIBRARY_CALL_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// Calls of libraries that are not seen, where these are steps (library_calls.h). They all depend on each other: what
// such a library's own atomics order is not known.

// What stands for that in Execution::promoted, and is the object of these steps: no granule's address.
inline constexpr std::uintptr_t kLibraryCalls = 4;

// kCall, kReturn, kCallBack, kReturnToLibrary. `called`: in the library.
Operation OnLibraryCalls(Kind kind, const void* called, const void* pc);

// The names of these operations in reports; null for any other.
const char* NameOnLibraryCalls(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_LIBRARY_CALL_H_
