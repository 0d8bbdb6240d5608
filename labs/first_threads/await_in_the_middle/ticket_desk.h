#ifndef RACELAB_TICKET_DESK_H_
#define RACELAB_TICKET_DESK_H_

#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "labs/first_threads/await_in_the_middle/event_loop.h"

// Sells the seats of a performance, numbered from 1.
//
// Any number of tasks of one event loop may use it at once, and it must outlive them. No seat is sold to two customers,
// and none to a customer for whom the bank does not vouch. (There is one thread, so there is nothing to lock.)
class TicketDesk {
 public:
  // `bank` tells whether it vouches for a customer, which takes a while.
  TicketDesk(EventLoop&, int seats, std::function<Task<bool>(std::string_view customer)> bank)
      : seats_(seats), free_(seats), bank_(std::move(bank)) {}

  // Sells a seat and returns its number; nothing if none is free or the bank says no. `customer` must outlive the task.
  Task<std::optional<int>> Sell(std::string_view customer) {
    if (free_ < 1) co_return std::nullopt;
    const int seat = seats_ - free_ + 1;
    const bool vouched = co_await bank_(customer);
    if (!vouched) co_return std::nullopt;
    --free_;
    co_return seat;
  }

  // The number of seats that can still be sold.
  int Free() const { return free_; }

 private:
  const int seats_;
  int free_;
  const std::function<Task<bool>(std::string_view customer)> bank_;
};

#endif  // RACELAB_TICKET_DESK_H_
