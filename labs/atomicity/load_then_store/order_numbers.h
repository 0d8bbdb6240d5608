#ifndef RACELAB_ORDER_NUMBERS_H_
#define RACELAB_ORDER_NUMBERS_H_

#include <atomic>
#include <cstdint>

// The numbers of a shop's orders: 1, 2, 3 and so on.
//
// Safe to use from any number of threads at once: no two calls return the same number.
class OrderNumbers {
 public:
  // The number of the next order.
  std::int64_t Next() {
    last_ = last_ + 1;
    return last_;
  }

 private:
  std::atomic<std::int64_t> last_ = 0;
};

#endif  // RACELAB_ORDER_NUMBERS_H_
