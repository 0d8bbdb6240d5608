#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_WAIT_QUEUE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_WAIT_QUEUE_H_

#include <cstdint>

#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

// Waiting threads, in the order of their arrival.
struct WaitQueue {
  std::uint8_t count = 0;
  std::uint8_t threads[kMaxThreads] = {};

  void Add(int thread) { threads[count++] = static_cast<std::uint8_t>(thread); }

  // Removes and returns the first thread for which `wanted` holds, or -1.
  template <typename Wanted>
  int TakeFirst(Wanted wanted) {
    for (int i = 0; i < count; ++i) {
      if (wanted(threads[i])) return Take(i);
    }
    return -1;
  }

  bool Contains(int thread) const {
    for (int i = 0; i < count; ++i) {
      if (threads[i] == thread) return true;
    }
    return false;
  }

  // Removes and returns the thread at this position.
  int Take(int place) {
    const int thread = threads[place];
    for (int k = place + 1; k < count; ++k) threads[k - 1] = threads[k];
    --count;
    return thread;
  }

  // Returns -1 if no thread waits.
  int TakeFirst() { return count == 0 ? -1 : Take(0); }

  bool Remove(int thread) {
    for (int i = 0; i < count; ++i) {
      if (threads[i] != thread) continue;
      Take(i);
      return true;
    }
    return false;
  }
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_WAIT_QUEUE_H_
