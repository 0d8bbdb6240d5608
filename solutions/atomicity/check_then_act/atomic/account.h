#ifndef RACELAB_ACCOUNT_H_
#define RACELAB_ACCOUNT_H_

#include <atomic>
#include <cstdint>

// An account and the money in it, in cents.
//
// Safe to use from any number of threads at once. Nobody can overdraw it: the balance is never negative. A withdrawal
// replaces only the balance that it has checked: if another thread has changed the balance in the meantime, the
// exchange fails, and the new balance is checked in its turn. One of the threads that meet here always gets through.
//
// Relaxed suffices everywhere: all threads agree on one order of the changes to one atomic object, and the balance
// hands over no other data.
class Account {
 public:
  // Opens the account. Requires opening_balance >= 0.
  explicit Account(std::int64_t opening_balance) : balance_(opening_balance) {}

  // Pays out `amount`, and returns true; returns false if the balance does not cover it. Relaxed.
  bool Withdraw(std::int64_t amount) {
    std::int64_t seen = balance_.load(std::memory_order_relaxed);
    do {
      if (seen < amount) return false;
    } while (!balance_.compare_exchange_weak(seen, seen - amount, std::memory_order_relaxed));  // Else: `seen` is new.
    return true;
  }

  // Relaxed.
  void Deposit(std::int64_t amount) { balance_.fetch_add(amount, std::memory_order_relaxed); }

  // Relaxed.
  std::int64_t Balance() const { return balance_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> balance_;
};

#endif  // RACELAB_ACCOUNT_H_
