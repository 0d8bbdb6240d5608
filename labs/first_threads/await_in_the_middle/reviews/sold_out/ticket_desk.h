#ifndef RACELAB_TICKET_DESK_H_
#define RACELAB_TICKET_DESK_H_

#include <coroutine>
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "labs/first_threads/await_in_the_middle/event_loop.h"

// A lock for the tasks of one event loop: it suspends a task that has to wait, and the thread goes on with other tasks.
// The tasks get the lock in the order in which they asked for it.
//
//   co_await mutex.Lock();
//   ...
//   mutex.Unlock();
class TaskMutex {
 public:
  explicit TaskMutex(EventLoop& loop) : loop_(loop) {}

  // Await this to take the lock.
  auto Lock() {
    struct Awaiter {
      TaskMutex& mutex;
      bool await_ready() const noexcept { return !std::exchange(mutex.locked_, true); }
      void await_suspend(std::coroutine_handle<> task) { mutex.waiting_.push_back(task); }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this};
  }

  // Requires that the caller has the lock. Hands it to the task that has waited longest, if any.
  void Unlock() {
    if (waiting_.empty()) {
      locked_ = false;
    } else {
      loop_.MakeReady(waiting_.front());  // It stays locked: nobody may come in between.
      waiting_.pop_front();
    }
  }

 private:
  EventLoop& loop_;
  bool locked_ = false;
  std::deque<std::coroutine_handle<>> waiting_;
};

// Sells the seats of a performance, numbered from 1.
//
// Any number of tasks of one event loop may use it at once, and it must outlive them. No seat is sold to two customers,
// and none to a customer for whom the bank does not vouch.
//
// Sell() holds a lock from the check for a free seat to the taking of one, including the question to the bank; the next
// customer is served when the lock is free. It must be a lock for tasks. A std::mutex would block the thread, and so
// the loop, and so the very task that has to unlock it. The price: one customer at a time, and all wait for the slowest
// answer of the bank, except when all seats have been sold: then, nobody stands in line.
class TicketDesk {
 public:
  // `bank` tells whether it vouches for a customer, which takes a while.
  TicketDesk(EventLoop& loop, int seats, std::function<Task<bool>(std::string_view customer)> bank)
      : seats_(seats), free_(seats), bank_(std::move(bank)), mutex_(loop) {}

  // Sells a seat and returns its number; nothing if none is free or the bank says no. `customer` must outlive the task.
  Task<std::optional<int>> Sell(std::string_view customer) {
    if (free_ < 1) co_return std::nullopt;
    co_await mutex_.Lock();
    std::optional<int> seat;
    if (free_ > 0) {
      const bool vouched = co_await bank_(customer);
      if (vouched) seat = seats_ - free_-- + 1;
    }
    mutex_.Unlock();
    co_return seat;
  }

  // The number of seats that can still be sold.
  int Free() const { return free_; }

 private:
  const int seats_;
  int free_;
  const std::function<Task<bool>(std::string_view customer)> bank_;
  TaskMutex mutex_;
};

#endif  // RACELAB_TICKET_DESK_H_
