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
// and none to a customer for whom the bank does not vouch.
//
// What was true before a `co_await` need not be true after it, since other tasks have run. So the desk decides after
// the last `co_await`: it checks and takes with no `co_await` in between, and so in one step. The earlier check is only
// there to spare the bank useless questions. The price: the bank is still asked about some customers in vain; and if
// the desk did more than ask, it would have to undo that.
class TicketDesk {
 public:
  // `bank` tells whether it vouches for a customer, which takes a while.
  TicketDesk(EventLoop&, int seats, std::function<Task<bool>(std::string_view customer)> bank)
      : seats_(seats), free_(seats), bank_(std::move(bank)) {}

  // Sells a seat and returns its number; nothing if none is free or the bank says no. `customer` must outlive the task.
  Task<std::optional<int>> Sell(std::string_view customer) {
    if (free_ < 1) co_return std::nullopt;
    const bool vouched = co_await bank_(customer);
    if (!vouched || free_ < 1) co_return std::nullopt;
    co_return seats_ - free_-- + 1;
  }

  // The number of seats that can still be sold.
  int Free() const { return free_; }

 private:
  const int seats_;
  int free_;
  const std::function<Task<bool>(std::string_view customer)> bank_;
};

#endif  // RACELAB_TICKET_DESK_H_
