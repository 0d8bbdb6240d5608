#ifndef RACELAB_SANITIZERS_INTERLEAVE_VECTOR_CLOCK_H_
#define RACELAB_SANITIZERS_INTERLEAVE_VECTOR_CLOCK_H_

#include <bit>
#include <cstdint>

namespace racelab::interleave {

// Threads that can be alive at once: each has a slot, and a digit of schedules. A slot is used again where nothing can
// tell its two owners apart (Execution::FreeSlot); a thread's number, in the order of creation, is its own for good.
inline constexpr int kMaxThreads = 64;

using ThreadSet = std::uint64_t;  // Bit s is the thread in slot s.
static_assert(8 * sizeof(ThreadSet) == kMaxThreads);

constexpr ThreadSet Only(int slot) { return ThreadSet{1} << slot; }
inline int Lowest(ThreadSet threads) { return std::countr_zero(threads); }

// One time for each slot (Lamport, Fidge, Mattern). An event at time `at[s]` of slot s happens before whatever has a
// clock that covers it.
//
// Nearly all programs need few slots, and clocks are copied at each step: until `wide` is set, only the first kNarrow
// times count. Whoever sets it forgets all clocks that there are.
struct alignas(16) VectorClock {
  static constexpr int kNarrow = 16;
  static inline bool wide = false;

  std::int32_t at[kMaxThreads];

  [[gnu::always_inline]] VectorClock() {
    for (int i = 0; i < kNarrow; ++i) at[i] = 0;
    if (wide) [[unlikely]] {
      for (int i = kNarrow; i < kMaxThreads; ++i) at[i] = 0;
    }
  }
  [[gnu::always_inline]] VectorClock(const VectorClock& other) { *this = other; }
  [[gnu::always_inline]] VectorClock& operator=(const VectorClock& other) {
    for (int i = 0; i < kNarrow; ++i) at[i] = other.at[i];
    if (wide) [[unlikely]] {
      for (int i = kNarrow; i < kMaxThreads; ++i) at[i] = other.at[i];
    }
    return *this;
  }

  bool Covers(int slot, std::int32_t time) const { return time <= at[slot]; }

  [[gnu::always_inline]] void Join(const VectorClock& other) {
    for (int i = 0; i < kNarrow; ++i) at[i] = at[i] < other.at[i] ? other.at[i] : at[i];
    if (wide) [[unlikely]] {
      for (int i = kNarrow; i < kMaxThreads; ++i) at[i] = at[i] < other.at[i] ? other.at[i] : at[i];
    }
  }
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_VECTOR_CLOCK_H_
