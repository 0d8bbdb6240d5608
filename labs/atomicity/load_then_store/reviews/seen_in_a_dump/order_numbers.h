#ifndef RACELAB_ORDER_NUMBERS_H_
#define RACELAB_ORDER_NUMBERS_H_

#include <cstdint>
#include <thread>

#include "solutions/support/channel.h"

// The numbers of a shop's orders: 1, 2, 3 and so on.
//
// Safe to use from any number of threads at once: no two calls return the same number. Only one thread counts: it puts
// each number into the channel once, in advance, and a value in a channel is received once.
//
// The channel is short, so that every interleaving can be tried. A longer channel would save both sides most waits.
class OrderNumbers {
 public:
  OrderNumbers() : writer_([this] { Write(); }) {}

  ~OrderNumbers() {
    numbers_.Close();
    writer_.join();
  }

  // The number of the next order.
  std::int64_t Next() { return *numbers_.Receive(); }

 private:
  void Write() {
    while (numbers_.Send(next_)) ++next_;
  }

  Channel<std::int64_t> numbers_{4};  // Bounded: the writer waits while there are enough.
  std::thread writer_;                // Begins to send at once.
  std::int64_t next_ = 1;             // Used by the writer only.
};

#endif  // RACELAB_ORDER_NUMBERS_H_
