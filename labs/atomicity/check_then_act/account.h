#ifndef RACELAB_ACCOUNT_H_
#define RACELAB_ACCOUNT_H_

#include <cstdint>
#include <mutex>

// An account and the money in it, in cents.
//
// Safe to use from any number of threads at once. Nobody can overdraw it: the balance is never negative.
class Account {
 public:
  // Opens the account. Requires opening_balance >= 0.
  explicit Account(std::int64_t opening_balance) : balance_(opening_balance) {}

  // Pays out `amount`, and returns true; returns false if the balance does not cover it.
  bool Withdraw(std::int64_t amount) {
    if (Balance() < amount) return false;

    std::lock_guard lock(mutex_);
    balance_ -= amount;
    return true;
  }

  void Deposit(std::int64_t amount) {
    std::lock_guard lock(mutex_);
    balance_ += amount;
  }

  std::int64_t Balance() const {
    std::lock_guard lock(mutex_);
    return balance_;
  }

 private:
  mutable std::mutex mutex_;
  std::int64_t balance_;
};

#endif  // RACELAB_ACCOUNT_H_
