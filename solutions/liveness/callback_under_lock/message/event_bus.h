#ifndef RACELAB_EVENT_BUS_H_
#define RACELAB_EVENT_BUS_H_

#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "solutions/support/channel.h"

// Delivers events to all who have subscribed.
//
//   EventBus house;
//   house.Subscribe([&](const std::string& event) { if (event == "smoke") house.Publish("alarm"); });
//   house.Publish("smoke");
//
// Safe to use from any number of threads at once, and from within a callback. A callback is never copied once it has
// been subscribed: what it remembers from one event is there at the next. A callback must not throw: the exception
// would end the program, since the publisher, who could catch it, is on another thread.
//
// One thread, the bus's own, owns the list and calls the callbacks, so no two callbacks ever run at the same time, and
// there is no lock that a callback could ask for. If a callback publishes or subscribes, the request is put aside until
// the current event has been handled. Sending it to the inbox and waiting for the answer would be the same deadlock
// again: the thread that waits would be the thread that has to answer.
//
// The price: two thread switches for each event; and one callback that blocks holds up all the others.
class EventBus {
 public:
  using Callback = std::function<void(const std::string& event)>;

  EventBus() : dispatcher_([this] { Dispatch(); }) {}

  ~EventBus() {
    inbox_.Close();
    dispatcher_.join();
  }

  // Registers `callback`, which is called with each event published from now on.
  void Subscribe(Callback callback) { Request(std::move(callback)); }

  // Calls all callbacks subscribed so far. The outermost Publish() returns after all callbacks, and all events that
  // they published, have been handled. A nested Publish() returns earlier.
  void Publish(const std::string& event) { Request(event); }

 private:
  using Task = std::variant<Callback, std::string>;  // A new subscriber, or an event.

  struct Message {
    Task task;
    Channel<bool>* done;
  };

  void Request(Task task) {
    if (std::this_thread::get_id() == dispatcher_.get_id()) {
      put_aside_.push_back(std::move(task));
      return;
    }
    Channel<bool> done;
    inbox_.Send({std::move(task), &done});
    done.Receive();
  }

  void Dispatch() {
    while (auto message = inbox_.Receive()) {
      for (put_aside_.push_back(std::move(message->task)); !put_aside_.empty();) {
        Task task = std::move(put_aside_.front());
        put_aside_.pop_front();
        CarryOut(std::move(task));
      }
      message->done->Send(true);
    }
  }

  void CarryOut(Task task) {
    if (auto* callback = std::get_if<Callback>(&task)) {
      callbacks_.push_back(std::move(*callback));
    } else {
      for (const Callback& callback : callbacks_) callback(std::get<std::string>(task));
    }
  }

  std::vector<Callback> callbacks_;  // Only the dispatcher touches this and the next.
  std::deque<Task> put_aside_;
  Channel<Message> inbox_;
  std::thread dispatcher_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_EVENT_BUS_H_
