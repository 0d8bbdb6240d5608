#ifndef RACELAB_ACCOUNT_H_
#define RACELAB_ACCOUNT_H_

#include <cstdint>
#include <thread>

#include "solutions/support/channel.h"

// An account and the money in it, in cents.
//
// Safe to use from any number of threads at once. Nobody can overdraw it: the balance is never negative. It belongs to
// a clerk, a thread of the account's own, which answers one request before it takes the next; so nobody comes between
// the clerk's check of the balance and the payment.
class Account {
 public:
  // Opens the account. Requires opening_balance >= 0.
  explicit Account(std::int64_t opening_balance) : clerk_([this, opening_balance] { Serve(opening_balance); }) {}

  ~Account() {
    counter_.Close();
    clerk_.join();
  }

  // Pays out `amount`, and returns true; returns false if the balance does not cover it.
  bool Withdraw(std::int64_t amount) { return Ask(-amount).carried_out; }

  // Returns once the money is in the account.
  void Deposit(std::int64_t amount) { Ask(amount); }

  std::int64_t Balance() const { return Ask(0).balance; }

 private:
  struct Answer {
    bool carried_out;
    std::int64_t balance;
  };
  struct Request {
    std::int64_t change;
    Channel<Answer>* answer;
  };

  Answer Ask(std::int64_t change) const {
    Channel<Answer> answer;
    counter_.Send({change, &answer});
    return *answer.Receive();
  }

  void Serve(std::int64_t balance) {
    while (const auto request = counter_.Receive()) {
      const bool covered = balance + request->change >= 0;
      if (covered) balance += request->change;
      request->answer->Send({covered, balance});
    }
  }

  mutable Channel<Request> counter_;
  std::thread clerk_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_ACCOUNT_H_
