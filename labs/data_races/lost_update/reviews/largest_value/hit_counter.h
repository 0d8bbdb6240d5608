#ifndef RACELAB_HIT_COUNTER_H_
#define RACELAB_HIT_COUNTER_H_

#include <atomic>
#include <cstdint>
#include <limits>

// The number of requests that a server has answered. Stays at the largest value instead of becoming negative.
//
// Safe to use from any number of threads at once: the addition is one indivisible step. Relaxed suffices on both sides,
// because nobody concludes anything about *other* data from the total: each access to the total is about the total
// alone.
class HitCounter {
 public:
  // Records one hit. Relaxed.
  void Record() {
    const std::int64_t total = total_.load(std::memory_order_relaxed);
    if (total == std::numeric_limits<std::int64_t>::max()) return;
    total_.store(total + 1, std::memory_order_relaxed);
  }

  // The hits recorded so far. Relaxed: complete once the recording threads have been joined.
  std::int64_t Total() const { return total_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> total_ = 0;
};

#endif  // RACELAB_HIT_COUNTER_H_
