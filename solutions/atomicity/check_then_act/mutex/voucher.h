#ifndef RACELAB_VOUCHER_H_
#define RACELAB_VOUCHER_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// A gift voucher, and what is left on it, in cents.
//
// Safe to use from any number of threads at once. Nobody can spend more than there is on it: what is left is never
// negative, and a payment is refused only if it is not covered.
//
// A payment checks what is left and takes from it under one and the same lock, so no other payment comes between the
// check and the taking, and the result of the check is still true when it is acted upon.
class Voucher {
 public:
  // Requires value >= 0, as all amounts must be.
  explicit Voucher(std::int64_t value) : left_(value) {}

  // Pays `amount` with the voucher, and returns true; returns false if it does not cover that.
  bool Redeem(std::int64_t amount) {
    absl::MutexLock lock(&mutex_);
    if (left_ < amount) return false;
    left_ -= amount;
    return true;
  }

  void TopUp(std::int64_t amount) {
    absl::MutexLock lock(&mutex_);
    left_ += amount;
  }

  std::int64_t Left() const {
    absl::MutexLock lock(&mutex_);
    return left_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::int64_t left_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_VOUCHER_H_
