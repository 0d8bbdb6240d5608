#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_ONCE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_ONCE_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// A one-time initialisation (std::call_once, the guard of a local static) is modelled as a lock (model/lock.h), which
// the initialising thread holds. Another thread can enter once the lock is free; the program's own flag says whether
// the initialisation is complete.

// kOnceEnter, kOnceLeave.
Operation OnOnce(Kind kind, std::uintptr_t address, const void* pc);

// The names of these operations in reports; null for any other.
const char* NameOnOnce(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_ONCE_H_
