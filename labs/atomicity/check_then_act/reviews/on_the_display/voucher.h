#ifndef RACELAB_VOUCHER_H_
#define RACELAB_VOUCHER_H_

#include <atomic>
#include <cstdint>
#include <thread>

#include "solutions/support/channel.h"

// A gift voucher, and what is left on it, in cents.
//
// Safe to use from any number of threads at once. Nobody can spend more than there is on it: what is left is never
// negative, and a payment is refused only if it is not covered.
//
// It belongs to a cashier, a thread of the voucher's own, which answers one request before it takes the next; so nobody
// comes between the cashier's check and the payment. What is left is also on a display, for everybody to read.
class Voucher {
 public:
  // Requires value >= 0, as all amounts must be.
  explicit Voucher(std::int64_t value) : display_(value), cashier_([this, value] { Serve(value); }) {}

  ~Voucher() {
    till_.Close();
    cashier_.join();
  }

  // Pays `amount` with the voucher, and returns true; returns false if it does not cover that.
  bool Redeem(std::int64_t amount) { return Ask(-amount).carried_out; }

  // Returns once the money is on the voucher.
  void TopUp(std::int64_t amount) { Ask(amount); }

  // Relaxed.
  std::int64_t Left() const { return display_.load(std::memory_order_relaxed); }

 private:
  struct Answer {
    bool carried_out;
  };
  struct Request {
    std::int64_t change;
    Channel<Answer>* answer;
  };

  Answer Ask(std::int64_t change) {
    Channel<Answer> answer;
    till_.Send({change, &answer});
    return *answer.Receive();
  }

  void Serve(std::int64_t left) {
    while (const auto request = till_.Receive()) {
      const bool covered = left + request->change >= 0;
      if (covered) left += request->change;
      display_.store(left, std::memory_order_relaxed);
      request->answer->Send({covered});
    }
  }

  Channel<Request> till_;
  std::atomic<std::int64_t> display_;
  std::thread cashier_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_VOUCHER_H_
