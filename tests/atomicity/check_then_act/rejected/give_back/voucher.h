#ifndef RACELAB_VOUCHER_H_
#define RACELAB_VOUCHER_H_

#include <cstdint>
#include <mutex>

// A gift voucher, and what is left on it, in cents.
//
// Safe to use from any number of threads at once. Nobody can spend more than there is on it: what is left is never
// negative, and a payment is refused only if it is not covered.
//
// A payment that was too large is given back.
class Voucher {
 public:
  // Requires value >= 0, as all amounts must be.
  explicit Voucher(std::int64_t value) : left_(value) {}

  // Pays `amount` with the voucher, and returns true; returns false if it does not cover that.
  bool Redeem(std::int64_t amount) {
    TopUp(-amount);
    if (Left() >= 0) return true;
    TopUp(amount);
    return false;
  }

  void TopUp(std::int64_t amount) {
    std::lock_guard lock(mutex_);
    left_ += amount;
  }

  std::int64_t Left() const {
    std::lock_guard lock(mutex_);
    return left_;
  }

 private:
  mutable std::mutex mutex_;
  std::int64_t left_;
};

#endif  // RACELAB_VOUCHER_H_
