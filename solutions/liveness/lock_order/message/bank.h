#ifndef RACELAB_BANK_H_
#define RACELAB_BANK_H_

#include <cstdint>
#include <functional>
#include <numeric>
#include <thread>
#include <vector>

#include "solutions/support/channel.h"

class Bank {
 public:
  Bank(int accounts, std::int64_t opening_balance)
      : balances_(accounts, opening_balance), teller_([this] { Serve(); }) {}

  ~Bank() {
    window_.Close();
    teller_.join();
  }

  bool Transfer(int from, int to, std::int64_t amount) {
    return Ask([=](Balances& balances) -> std::int64_t {
      if (balances[from] < amount) return false;
      balances[from] -= amount;
      balances[to] += amount;
      return true;
    });
  }

  std::int64_t Balance(int account) const {
    return Ask([=](Balances& balances) { return balances[account]; });
  }

  std::int64_t Total() const {
    return Ask([](Balances& balances) { return std::accumulate(balances.begin(), balances.end(), std::int64_t{0}); });
  }

 private:
  using Balances = std::vector<std::int64_t>;

  struct Request {
    std::function<std::int64_t(Balances&)> carry_out;
    Channel<std::int64_t>* answer;
  };

  std::int64_t Ask(std::function<std::int64_t(Balances&)> what) const {
    Channel<std::int64_t> answer;
    window_.Send({what, &answer});
    return *answer.Receive();
  }

  void Serve() {
    while (auto request = window_.Receive()) request->answer->Send(request->carry_out(balances_));
  }

  Balances balances_;
  mutable Channel<Request> window_;
  std::thread teller_;
};

#endif  // RACELAB_BANK_H_
