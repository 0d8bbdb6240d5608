#ifndef RACELAB_HIT_COUNTER_H_
#define RACELAB_HIT_COUNTER_H_

#include <cstdint>

// The number of requests that a server has answered.
//
// Safe to use from any number of threads at once.
class HitCounter {
 public:
  // Records one hit.
  void Record() { ++total_; }

  // The hits recorded so far.
  std::int64_t Total() const { return total_; }

 private:
  std::int64_t total_ = 0;
};

#endif  // RACELAB_HIT_COUNTER_H_
