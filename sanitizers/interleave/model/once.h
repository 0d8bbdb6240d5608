#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_ONCE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_ONCE_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// Something that is done once (std::call_once, the guard of a local static) is a lock of the thread that does it
// (model/lock.h). A thread can enter if no other thread is doing it; the program's own flag says whether it has been
// done.

// kOnceEnter, kOnceLeave.
Operation OnOnce(Kind kind, std::uintptr_t address, const void* pc);

// The names of these operations in reports; null for any other.
const char* NameOnOnce(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_ONCE_H_
