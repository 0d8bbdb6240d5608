#ifndef RACELAB_ORDER_NUMBERS_H_
#define RACELAB_ORDER_NUMBERS_H_

#include <atomic>
#include <cstdint>
#include <limits>
#include <stdexcept>

// The numbers of a shop's orders: 1, 2, 3 and so on.
//
// Safe to use from any number of threads at once: no two calls return the same number. A caller takes number 8 by
// an exchange that succeeds only while 7 is the last, and no other call ever exchanges 7. Relaxed suffices: all changes
// of one atomic object have one order, and the number hands over no other data.
class OrderNumbers {
 public:
  // The number of the next order. Throws std::overflow_error if there is none left. Relaxed.
  std::int64_t Next() {
    std::int64_t last = last_.load(std::memory_order_relaxed);
    do {
      if (last == kLargest) throw std::overflow_error("no order numbers left");
    } while (!last_.compare_exchange_weak(last, last + 1, std::memory_order_relaxed));
    return last + 1;
  }

 private:
  static constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

  std::atomic<std::int64_t> last_ = 0;
};

#endif  // RACELAB_ORDER_NUMBERS_H_
