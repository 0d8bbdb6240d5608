#ifndef RACELAB_ACCOUNT_H_
#define RACELAB_ACCOUNT_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// An account and the money in it, in cents.
//
// Safe to use from any number of threads at once. Nobody can overdraw it: the balance is never negative. A withdrawal
// checks the balance and takes from it under one and the same lock, so no other withdrawal comes between the check and
// the taking, and the result of the check is still true when it is acted upon.
class Account {
 public:
  // Opens the account. Requires opening_balance >= 0.
  explicit Account(std::int64_t opening_balance) : balance_(opening_balance) {}

  // Pays out `amount`, and returns true; returns false if the balance does not cover it.
  bool Withdraw(std::int64_t amount) {
    absl::MutexLock lock(&mutex_);
    if (balance_ < amount) return false;
    balance_ -= amount;
    return true;
  }

  void Deposit(std::int64_t amount) {
    absl::MutexLock lock(&mutex_);
    balance_ += amount;
  }

  std::int64_t Balance() const {
    absl::MutexLock lock(&mutex_);
    return balance_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::int64_t balance_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_ACCOUNT_H_
