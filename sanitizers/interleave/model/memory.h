#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_MEMORY_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_MEMORY_H_

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// Memory: atomic accesses, and plain accesses that are steps. They are always possible.

// Notes in `operation` whether a compare-exchange would store now.
void SettleOnMemory(Operation& operation);

// The names of these operations in reports; null for any other.
const char* NameOnMemory(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_MEMORY_H_
