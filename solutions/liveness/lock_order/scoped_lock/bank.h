#ifndef RACELAB_BANK_H_
#define RACELAB_BANK_H_

#include <cstdint>
#include <mutex>
#include <vector>

// The accounts of a bank, numbered from 0.
//
// Safe to use from any number of threads at once. Transfers between different accounts may run at the same time, but
// need not. A transfer is seen as a whole or not at all: no balance and no total shows money that has left one account
// but not yet reached the other. Every call returns, as long as no two transfers give way to each other for ever.
//
// A transfer never waits for one account while it holds the other: std::scoped_lock waits for one, only *tries* to lock
// the other, and releases the first if the other is taken. So a transfer is never part of a circle of waiting threads;
// and audits alone form no circle, since they all lock in the same order. The functions that lock two accounts need not
// agree on anything.
//
// This rests on two things that the C++ standard does not promise. It says that scoped_locks alone do not deadlock, and
// not how: that a transfer holds nothing while it waits, as an audit needs it, is what the libraries do today. And two
// transfers in lockstep could take one account each, fail, release, and try again, without end; real threads soon fall
// out of step. The price is this work done twice when two transfers meet.
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
    Account& target = accounts_[to];
    std::scoped_lock lock(source.mutex, target.mutex);
    if (source.balance < amount) return false;
    source.balance -= amount;
    target.balance += amount;
    return true;
  }

  std::int64_t Balance(int account) const {
    std::scoped_lock lock(accounts_[account].mutex);
    return accounts_[account].balance;
  }

  // The money in all accounts together, at one instant. std::scoped_lock needs a number of locks known at compile time,
  // so this function locks in a fixed order instead.
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
