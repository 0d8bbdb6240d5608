#ifndef RACELAB_BANK_H_
#define RACELAB_BANK_H_

#include <cstdint>
#include <mutex>
#include <vector>

// The accounts of a bank, numbered from 0.
//
// Safe to use from any number of threads at once. Transfers between different accounts may run at the same time, but
// need not. A transfer is seen as a whole or not at all: no balance and no total shows money that has left one account
// but not yet reached the other. Every call returns.
class Bank {
 public:
  // Opens `accounts` accounts with a balance of `opening_balance` each.
  Bank(int accounts, std::int64_t opening_balance) : accounts_(accounts) {
    for (Account& account : accounts_) account.balance = opening_balance;
  }

  // Moves `amount` from one account to another, and returns true; returns false if the balance does not cover it.
  // Requires from != to.
  bool Transfer(int from, int to, std::int64_t amount) {
    Account& source = accounts_[from];
    std::lock_guard source_lock(source.mutex);
    if (source.balance < amount) return false;  // No need to disturb the other account.

    Account& target = accounts_[to];
    std::lock_guard target_lock(target.mutex);
    source.balance -= amount;
    target.balance += amount;
    return true;
  }

  std::int64_t Balance(int account) const {
    std::lock_guard lock(accounts_[account].mutex);
    return accounts_[account].balance;
  }

  // The money in all accounts together, at one instant.
  std::int64_t Total() const {
    std::vector<std::unique_lock<std::mutex>> locks;
    std::int64_t total = 0;
    for (const Account& account : accounts_) {
      locks.emplace_back(account.mutex);
      total += account.balance;
    }
    return total;
  }

 private:
  struct Account {
    mutable std::mutex mutex;
    std::int64_t balance = 0;
  };

  std::vector<Account> accounts_;
};

#endif  // RACELAB_BANK_H_
