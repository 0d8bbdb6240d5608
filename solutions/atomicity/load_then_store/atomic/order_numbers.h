#ifndef RACELAB_ORDER_NUMBERS_H_
#define RACELAB_ORDER_NUMBERS_H_

#include <atomic>
#include <cstdint>

// The numbers of a shop's orders: 1, 2, 3 and so on.
//
// Safe to use from any number of threads at once: no two calls return the same number. The addition is one indivisible
// step that returns the old value: a caller that added to 7 has number 8, and no other call ever adds to 7. Relaxed
// suffices: all additions to one atomic object have one order, and the number hands over no other data.
class OrderNumbers {
 public:
  // The number of the next order. Relaxed.
  std::int64_t Next() { return last_.fetch_add(1, std::memory_order_relaxed) + 1; }

 private:
  std::atomic<std::int64_t> last_ = 0;
};

#endif  // RACELAB_ORDER_NUMBERS_H_
