#ifndef RACELAB_TICKET_DESK_H_
#define RACELAB_TICKET_DESK_H_

#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "labs/first_threads/await_in_the_middle/event_loop.h"

// Sells the seats of a performance, numbered from 1.
//
// Any number of tasks of one event loop may use it at once, and it must outlive them. No seat is sold to two customers,
// and none to a customer for whom the bank does not vouch.
//
// The seat is taken before the bank is asked: there is no `co_await` between the check and the taking, so they are one
// step. The seat is put back if the bank does not vouch. The price: a customer may be refused a seat that becomes free
// a moment later; and the free seats are no longer always the last ones, so the desk must keep a list of them.
class TicketDesk {
 public:
  // `bank` tells whether it vouches for a customer, which takes a while.
  TicketDesk(EventLoop&, int seats, std::function<Task<bool>(std::string_view customer)> bank)
      : bank_(std::move(bank)) {
    for (int seat = 1; seat <= seats; ++seat) free_.insert(seat);
  }

  // Sells a seat and returns its number; nothing if none is free or the bank says no. `customer` must outlive the task.
  Task<std::optional<int>> Sell(std::string_view customer) {
    if (free_.empty()) co_return std::nullopt;
    const int seat = free_.extract(free_.begin()).value();
    const bool vouched = co_await bank_(customer);
    if (vouched) co_return seat;
    free_.insert(seat);
    co_return std::nullopt;
  }

  // The number of seats that can still be sold.
  int Free() const { return static_cast<int>(free_.size()); }

 private:
  std::set<int> free_;
  const std::function<Task<bool>(std::string_view customer)> bank_;
};

#endif  // RACELAB_TICKET_DESK_H_
