#ifndef RACELAB_VOUCHER_H_
#define RACELAB_VOUCHER_H_

#include <atomic>
#include <cstdint>

// A gift voucher, and what is left on it, in cents.
//
// Safe to use from any number of threads at once. Nobody can spend more than there is on it: what is left is never
// negative, and a payment is refused only if it is not covered.
//
// A payment replaces only the amount that it has checked: if another thread has changed it in the meantime, the
// exchange fails, and the new amount is checked in its turn. One of the threads that meet here always gets through.
// Relaxed suffices everywhere: all threads agree on one order of the changes to one atomic object, and the amount hands
// over no other data.
class Voucher {
 public:
  // Requires value >= 0, as all amounts must be.
  explicit Voucher(std::int64_t value) : left_(value) {}

  // Pays `amount` with the voucher, and returns true; returns false if it does not cover that. Relaxed.
  bool Redeem(std::int64_t amount) {
    std::int64_t seen = left_.load(std::memory_order_relaxed);
    do {
      if (seen < amount) return false;
    } while (!left_.compare_exchange_weak(seen, seen - amount, std::memory_order_relaxed));  // Else: `seen` is new.
    return true;
  }

  // Relaxed.
  void TopUp(std::int64_t amount) { left_.fetch_add(amount, std::memory_order_relaxed); }

  // Relaxed.
  std::int64_t Left() const { return left_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> left_;
};

#endif  // RACELAB_VOUCHER_H_
