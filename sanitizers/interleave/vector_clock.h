#ifndef RACELAB_SANITIZERS_INTERLEAVE_VECTOR_CLOCK_H_
#define RACELAB_SANITIZERS_INTERLEAVE_VECTOR_CLOCK_H_

#include <cstdint>

namespace racelab::interleave {

// The threads of one execution, the first among them. A thread's number is a digit of a schedule.
inline constexpr int kMaxThreads = 16;

// One time for each thread (Lamport, Fidge, Mattern). An event at time `at[t]` of thread t happens before whatever has
// a clock that covers it.
struct alignas(16) VectorClock {
  std::int32_t at[kMaxThreads];

  bool Covers(int thread, std::int32_t time) const { return time <= at[thread]; }

  void Join(const VectorClock& other) {
    for (int i = 0; i < kMaxThreads; ++i) at[i] = at[i] < other.at[i] ? other.at[i] : at[i];
  }
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_VECTOR_CLOCK_H_
