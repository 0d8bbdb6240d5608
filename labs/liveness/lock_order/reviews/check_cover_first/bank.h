#ifndef RACELAB_BANK_H_
#define RACELAB_BANK_H_

#include <algorithm>
#include <cstdint>
#include <deque>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The accounts of a bank, numbered from 0.
//
// Safe to use from any number of threads at once. Transfers between different accounts may run at the same time, but
// need not. A transfer is seen as a whole or not at all: no balance and no total shows money that has left one account
// but not yet reached the other. Every call returns.
//
// It does, because every thread that holds several accounts has locked them in the order of their numbers. The thread
// that holds the highest of all locked accounts never waits for a locked one, so one thread can always go on, and no
// circle of waiting threads can form. A transfer that the balance does not cover locks one account only. The price: the
// rule binds every function that will ever be written here, though no compiler checks it.
class Bank {
 public:
  // Opens `accounts` accounts with a balance of `opening_balance` each.
  Bank(int accounts, std::int64_t opening_balance) : accounts_(accounts) {
    for (Account& account : accounts_) {
      absl::MutexLock lock(&account.mutex);
      account.balance = opening_balance;
    }
  }

  // Moves `amount` from one account to another, and returns true; returns false if the balance does not cover it.
  // Requires from != to.
  bool Transfer(int from, int to, std::int64_t amount) {
    if (Balance(from) < amount) return false;  // No need to disturb the other account.
    absl::MutexLock first(&accounts_[std::min(from, to)].mutex);
    absl::MutexLock second(&accounts_[std::max(from, to)].mutex);

    Account& source = accounts_[from];
    Account& target = accounts_[to];
    // For -Wthread-safety, which cannot see that {min, max} and {from, to} are the same two accounts.
    source.mutex.AssertHeld();
    target.mutex.AssertHeld();
    source.balance -= amount;
    target.balance += amount;
    return true;
  }

  std::int64_t Balance(int account) const {
    absl::MutexLock lock(&accounts_[account].mutex);
    return accounts_[account].balance;
  }

  // The money in all accounts together, at one instant.
  std::int64_t Total() const {
    std::deque<absl::MutexLock> locks;
    std::int64_t total = 0;
    for (const Account& account : accounts_) {
      locks.emplace_back(&account.mutex);
      account.mutex.AssertHeld();
      total += account.balance;
    }
    return total;
  }

 private:
  struct Account {
    mutable absl::Mutex mutex;
    std::int64_t balance ABSL_GUARDED_BY(mutex) = 0;
  };

  std::vector<Account> accounts_;
};

#endif  // RACELAB_BANK_H_
