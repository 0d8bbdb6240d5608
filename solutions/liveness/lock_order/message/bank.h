#ifndef RACELAB_BANK_H_
#define RACELAB_BANK_H_

#include <cstdint>
#include <functional>
#include <numeric>
#include <thread>
#include <utility>
#include <vector>

#include "solutions/support/channel.h"

// The accounts of a bank, numbered from 0.
//
// Safe to use from any number of threads at once: the books belong to a teller, a thread of the bank's own, and the
// other threads hand in requests. A transfer is seen as a whole or not at all, because the teller finishes one request
// before it begins the next. Every call returns: there is nothing to lock, and the teller never waits for a customer.
//
// The price: transfers between different accounts wait for one another, and each costs two thread switches.
class Bank {
 public:
  // Opens `accounts` accounts with a balance of `opening_balance` each.
  Bank(int accounts, std::int64_t opening_balance)
      : teller_([this, books = Books(accounts, opening_balance)]() mutable {
          while (auto request = counter_.Receive()) request->answer->Send(request->carry_out(books));
        }) {}

  ~Bank() {
    counter_.Close();
    teller_.join();
  }

  // Moves `amount` from one account to another, and returns true; returns false if the balance does not cover it.
  // Requires from != to.
  bool Transfer(int from, int to, std::int64_t amount) {
    return Ask([=](Books& balances) {
      if (balances[from] < amount) return false;
      balances[from] -= amount;
      balances[to] += amount;
      return true;
    });
  }

  std::int64_t Balance(int account) const {
    return Ask([=](Books& balances) { return balances[account]; });
  }

  // The money in all accounts together, at one instant.
  std::int64_t Total() const {
    return Ask([](Books& balances) { return std::accumulate(balances.begin(), balances.end(), std::int64_t{0}); });
  }

 private:
  using Books = std::vector<std::int64_t>;

  struct Request {
    std::function<std::int64_t(Books&)> carry_out;
    Channel<std::int64_t>* answer;
  };

  // Lets the teller carry out `request`, and waits for the answer.
  std::int64_t Ask(std::function<std::int64_t(Books&)> request) const {
    Channel<std::int64_t> answer;
    counter_.Send({std::move(request), &answer});
    return *answer.Receive();
  }

  mutable Channel<Request> counter_;
  std::thread teller_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_BANK_H_
