#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_BARRIER_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_BARRIER_H_

#include <cstdint>

#include "sanitizers/interleave/model/wait_queue.h"
#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// A barrier: threads wait until `count` of them have arrived.
struct Barrier {
  bool known = false;  // Whether Primitives::objects contains it.
  unsigned count = 0, arrived = 0;
  WaitQueue waiting;

  // Returns true if this was the last arrival, so that all continue; otherwise the thread waits.
  bool Arrive(int thread) {
    if (++arrived < count) {
      waiting.Add(thread);
      return false;
    }
    arrived = 0;
    return true;
  }
};

// kBarrier: always possible; depends on all other arrivals.
Operation OnBarrier(std::uintptr_t address, const void* pc);

// The name of this operation in reports; null for any other.
const char* NameOnBarrier(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_BARRIER_H_
