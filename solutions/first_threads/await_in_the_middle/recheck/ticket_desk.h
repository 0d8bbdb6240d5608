#ifndef RACELAB_TICKET_DESK_H_
#define RACELAB_TICKET_DESK_H_

#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "labs/first_threads/await_in_the_middle/event_loop.h"

// Sells the seats of a performance, numbered from 1.
//
// Any number of tasks of one event loop may use it at once. No seat is sold to two customers, and none to a customer
// for whom the bank does not vouch.
//
// What was true before a `co_await` need not be true after it: others went on meanwhile. So the desk decides after the
// last one. There it looks, and takes, without a `co_await` in between, and thus in one step. The look before is a
// courtesy, so that the bank is not asked in vain. The price: some customers have been to the bank for nothing; and
// whatever had been done for them, had it been more than a question, would have to be undone.
class TicketDesk {
 public:
  // `bank` answers whether it vouches for a customer; that takes a while.
  TicketDesk(EventLoop&, int seats, std::function<Task<bool>(std::string_view customer)> bank)
      : seats_(seats), free_(seats), bank_(std::move(bank)) {}

  // Sells a seat, and returns its number; nothing if no seat is free, or if the bank does not vouch for the customer.
  Task<std::optional<int>> Sell(std::string_view customer) {
    if (free_ < 1) co_return std::nullopt;
    const bool vouched = co_await bank_(customer);
    if (!vouched || free_ < 1) co_return std::nullopt;
    co_return seats_ - free_-- + 1;
  }

  // The seats that can still be sold.
  int Free() const { return free_; }

 private:
  const int seats_;
  int free_;
  const std::function<Task<bool>(std::string_view customer)> bank_;
};

#endif  // RACELAB_TICKET_DESK_H_
