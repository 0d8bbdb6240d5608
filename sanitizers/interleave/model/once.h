#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_ONCE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_ONCE_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// What is done once (std::call_once, the guard of a local static) is a lock of whoever does it (model/lock.h). To enter
// is possible when nobody is at it; whether it is done then is read from the program's own flag.

// kOnceEnter, kOnceLeave.
Operation OnOnce(Kind kind, std::uintptr_t address, const void* pc);

// The names of these operations in reports; null for any other.
const char* NameOnOnce(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_ONCE_H_
