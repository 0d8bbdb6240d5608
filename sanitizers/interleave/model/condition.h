#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_CONDITION_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_CONDITION_H_

#include <cstdint>

#include "sanitizers/interleave/model/wait_queue.h"
#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// A condition variable: the threads that wait for a notification.
//
// Entering the queue, leaving it, and notifications depend on each other. Releasing the mutex is a separate step: a
// thread that has entered the queue can be woken before it sleeps.
struct Condition {
  bool known = false;  // Whether Primitives::objects contains it.
  WaitQueue waiting;
  bool monotonic = false;  // Its time limits refer to CLOCK_MONOTONIC.
};

// kWait, kTimeout, kNotify.
Operation OnCondition(Kind kind, std::uintptr_t address, const void* pc);

// The names of these operations in reports; null for any other.
const char* NameOnCondition(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_CONDITION_H_
