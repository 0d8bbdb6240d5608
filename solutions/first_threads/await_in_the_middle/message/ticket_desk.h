#ifndef RACELAB_TICKET_DESK_H_
#define RACELAB_TICKET_DESK_H_

#include <coroutine>
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "labs/first_threads/await_in_the_middle/event_loop.h"

// A queue of values that the tasks of one event loop pass to one another. One task at a time may receive.
template <typename T>
class TaskChannel {
 public:
  explicit TaskChannel(EventLoop& loop) : loop_(loop) {}

  void Send(T value) {
    values_.push_back(std::move(value));
    if (receiver_) loop_.MakeReady(std::exchange(receiver_, nullptr));
  }

  // Await this to get the oldest value, as soon as there is one.
  auto Receive() {
    struct Awaiter {
      TaskChannel& channel;
      bool await_ready() const noexcept { return !channel.values_.empty(); }
      void await_suspend(std::coroutine_handle<> task) { channel.receiver_ = task; }
      T await_resume() {
        T oldest = std::move(channel.values_.front());
        channel.values_.pop_front();
        return oldest;
      }
    };
    return Awaiter{*this};
  }

 private:
  EventLoop& loop_;
  std::deque<T> values_;
  std::coroutine_handle<> receiver_;
};

// Sells the seats of a performance, numbered from 1.
//
// Any number of tasks of one event loop may use it at once, and it must outlive them. No seat is sold to two customers,
// and none to a customer for whom the bank does not vouch.
//
// The seats belong to a clerk, a task of the desk's own, which finishes with one customer before it looks at the next.
// The customers send the clerk their requests, and wait for its answer. The clerk may await anything in between, as
// nobody else touches the seats. The price is the same as the lock's, one customer at a time; but the queue is visible,
// and the clerk could serve the highest bidder first, or leave the questions to the bank to a second clerk.
class TicketDesk {
 public:
  // `bank` tells whether it vouches for a customer, which takes a while.
  TicketDesk(EventLoop& loop, int seats, std::function<Task<bool>(std::string_view customer)> bank)
      : loop_(loop), seats_(seats), free_(seats), bank_(std::move(bank)), requests_(loop) {
    clerk_.handle().resume();  // Up to the first request: while there is none, the loop knows nothing of the clerk.
  }

  // Sells a seat and returns its number; nothing if none is free or the bank says no. `customer` must outlive the task.
  Task<std::optional<int>> Sell(std::string_view customer) {
    TaskChannel<std::optional<int>> answer(loop_);
    requests_.Send({customer, &answer});
    const std::optional<int> seat = co_await answer.Receive();
    co_return seat;
  }

  // The number of seats that can still be sold.
  int Free() const { return free_; }

 private:
  struct Request {
    std::string_view customer;
    TaskChannel<std::optional<int>>* answer;
  };

  // The clerk: answers one request after the other, until the desk is destroyed.
  Task<bool> Serve() {
    while (true) {
      const Request request = co_await requests_.Receive();
      std::optional<int> seat;
      if (free_ > 0) {
        const bool vouched = co_await bank_(request.customer);
        if (vouched) seat = seats_ - free_-- + 1;
      }
      request.answer->Send(seat);
    }
    co_return true;
  }

  EventLoop& loop_;
  const int seats_;
  int free_;  // Only the clerk changes it.
  const std::function<Task<bool>(std::string_view customer)> bank_;
  TaskChannel<Request> requests_;
  const Task<bool> clerk_ = Serve();
};

#endif  // RACELAB_TICKET_DESK_H_
