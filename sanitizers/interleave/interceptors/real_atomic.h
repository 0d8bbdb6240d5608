#ifndef RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_REAL_ATOMIC_H_
#define RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_REAL_ATOMIC_H_

#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {

// Atomic operations outside executions: real threads may run, so they must be atomic. (An execution runs one thread at
// a time.)

// A spin lock for operations on sixteen bytes, which are not atomic on every processor.
class Turn {
 public:
  explicit Turn(bool needed) : needed_(needed) {
    while (needed_ && __atomic_test_and_set(&taken_, __ATOMIC_ACQUIRE)) {
    }
  }
  ~Turn() {
    if (needed_) __atomic_clear(&taken_, __ATOMIC_RELEASE);
  }

 private:
  static inline bool taken_ = false;
  const bool needed_;
};

template <typename T>
T RealLoad(const volatile T* address) {
  if constexpr (sizeof(T) <= 8) {
    return __atomic_load_n(address, __ATOMIC_SEQ_CST);
  } else {
    const Turn turn(!Live());
    return *address;
  }
}

// Atomically replaces the value by update(old); returns the old value.
template <typename T, typename Update>
T RealChange(volatile T* address, Update update) {
  if constexpr (sizeof(T) <= 8) {
    T old = __atomic_load_n(address, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(address, &old, update(old), true, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
    }
    return old;
  } else {
    const Turn turn(!Live());
    const T old = *address;
    *address = update(old);
    return old;
  }
}

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_REAL_ATOMIC_H_
