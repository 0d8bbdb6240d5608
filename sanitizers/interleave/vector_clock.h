#ifndef RACELAB_SANITIZERS_INTERLEAVE_VECTOR_CLOCK_H_
#define RACELAB_SANITIZERS_INTERLEAVE_VECTOR_CLOCK_H_

#include <bit>
#include <cstdint>

namespace racelab::interleave {

// The number of threads that can be alive at once: each has a slot, and a digit in schedules. A slot is reused if no
// program can distinguish its two owners (Execution::FreeSlot); a thread's number, in the order of creation, is never
// reused.
inline constexpr int kMaxThreads = 64;

using ThreadSet = std::uint64_t;  // Bit s is the thread in slot s.
static_assert(8 * sizeof(ThreadSet) == kMaxThreads);

constexpr ThreadSet Only(int slot) { return ThreadSet{1} << slot; }
inline int Lowest(ThreadSet threads) { return std::countr_zero(threads); }

// One time for each slot (Lamport, Fidge, Mattern). An event at time `at[s]` of slot s happens before every event whose
// clock covers it.
//
// Nearly all programs need few slots, and clocks are copied at each step: only the first slots() times are used, four
// of them in each vector register. Code that widens the clocks must reset every clock.
struct alignas(16) VectorClock {
  using Quad [[gnu::vector_size(16)]] = std::int32_t;

  static inline int quads = 1;  // In use.
  static int slots() { return 4 * quads; }
  static void Widen() { quads *= 2; }

  union {
    std::int32_t at[kMaxThreads];
    Quad quad[kMaxThreads / 4];
  };

  [[gnu::always_inline]] VectorClock() {
    quad[0] = Quad{};
    for (int i = 1; i < quads; ++i) quad[i] = Quad{};
  }
  [[gnu::always_inline]] VectorClock(const VectorClock& other) { *this = other; }
  [[gnu::always_inline]] VectorClock& operator=(const VectorClock& other) {
    quad[0] = other.quad[0];
    for (int i = 1; i < quads; ++i) quad[i] = other.quad[i];
    return *this;
  }

  bool Covers(int slot, std::int32_t time) const { return time <= at[slot]; }

  [[gnu::always_inline]] void Join(const VectorClock& other) {
    quad[0] = quad[0] < other.quad[0] ? other.quad[0] : quad[0];
    for (int i = 1; i < quads; ++i) quad[i] = quad[i] < other.quad[i] ? other.quad[i] : quad[i];
  }
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_VECTOR_CLOCK_H_
