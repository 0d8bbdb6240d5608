#ifndef RACELAB_BANK_H_
#define RACELAB_BANK_H_

#include <cstdint>
#include <numeric>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The accounts of a bank, numbered from 0.
//
// Safe to use from any number of threads at once. A transfer is seen as a whole or not at all: no balance and no total
// shows money that has left one account but not yet reached the other. Every call returns: with a single lock, nobody
// who holds a lock waits for another.
//
// The price: transfers between different accounts take turns. In return, the code is as simple as can be, an
// uncontended transfer locks once instead of twice, and an audit takes one lock instead of one for each account.
// Measure before you trade that for more locks.
class Bank {
 public:
  // Opens `accounts` accounts with a balance of `opening_balance` each.
  Bank(int accounts, std::int64_t opening_balance) : balances_(accounts, opening_balance) {}

  // Moves `amount` from one account to another, and returns true; returns false if the balance does not cover it.
  // Requires from != to.
  bool Transfer(int from, int to, std::int64_t amount) {
    absl::MutexLock lock(&mutex_);
    if (balances_[from] < amount) return false;
    balances_[from] -= amount;
    balances_[to] += amount;
    return true;
  }

  std::int64_t Balance(int account) const {
    absl::MutexLock lock(&mutex_);
    return balances_[account];
  }

  // The money in all accounts together, at one instant.
  std::int64_t Total() const {
    absl::MutexLock lock(&mutex_);
    return std::accumulate(balances_.begin(), balances_.end(), std::int64_t{0});
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::int64_t> balances_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_BANK_H_
