#include "tests/support/linearizable.h"

namespace racelab {

// In assembly where possible: an atomic operation would be one more step of every interleaving.
std::int64_t TakeMoment() {
  static std::int64_t last = 0;
  std::int64_t moment = 1;
#if defined(__x86_64__)
  asm volatile("lock xaddq %0, %1" : "+r"(moment), "+m"(last) : : "memory");
  return moment;
#else
  return __atomic_fetch_add(&last, moment, __ATOMIC_RELAXED);
#endif
}

}  // namespace racelab
