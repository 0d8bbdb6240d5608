#ifndef RACELAB_VOUCHER_H_
#define RACELAB_VOUCHER_H_

#include <cstdint>
#include <thread>

#include "solutions/support/channel.h"

// A gift voucher, and what is left on it, in cents.
//
// Safe to use from any number of threads at once. Nobody can spend more than there is on it: what is left is never
// negative, and a payment is refused only if it is not covered.
//
// It belongs to a cashier, a thread of the voucher's own, which answers one request before it takes the next; so nobody
// comes between the cashier's check and the payment. Messages of one sender arrive in order: who pays in and then asks
// finds the money on the voucher.
class Voucher {
 public:
  // Requires value >= 0, as all amounts must be.
  explicit Voucher(std::int64_t value) : cashier_([this, value] { Serve(value); }) {}

  ~Voucher() {
    till_.Close();
    cashier_.join();
  }

  // Pays `amount` with the voucher, and returns true; returns false if it does not cover that.
  bool Redeem(std::int64_t amount) { return Ask(-amount).carried_out; }

  // Does not wait for the cashier.
  void TopUp(std::int64_t amount) {
    Channel<Answer> receipt;
    till_.Send({amount, &receipt});
  }

  std::int64_t Left() const { return Ask(0).left; }

 private:
  struct Answer {
    bool carried_out;
    std::int64_t left;
  };
  struct Request {
    std::int64_t change;
    Channel<Answer>* answer;
  };

  Answer Ask(std::int64_t change) const {
    Channel<Answer> answer;
    till_.Send({change, &answer});
    return *answer.Receive();
  }

  void Serve(std::int64_t left) {
    while (const auto request = till_.Receive()) {
      const bool covered = left + request->change >= 0;
      if (covered) left += request->change;
      request->answer->Send({covered, left});
    }
  }

  mutable Channel<Request> till_;
  std::thread cashier_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_VOUCHER_H_
