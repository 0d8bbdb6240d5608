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

// Brings events to those who have asked for them.
//
//   EventBus house;
//   house.Subscribe([&](const std::string& event) { if (event == "smoke") house.Publish("alarm"); });
//   house.Publish("smoke");
//
// Safe to use from any number of threads at once, and from within a callback. One thread, the bus's own, owns the list
// and calls the callbacks, so that no two of them ever run at the same time, and there is no lock that a callback could
// ask for. What a callback itself publishes or subscribes is put aside and done when the event is through: sending it
// to the inbox and waiting for the answer would be the same deadlock again, for the thread that would have to answer is
// the one that waits.
//
// The price: two thread switches for each event; and a callback that blocks blocks them all.
class EventBus {
 public:
  using Callback = std::function<void(const std::string& event)>;

  EventBus() : dispatcher_([this] { Dispatch(); }) {}

  ~EventBus() {
    inbox_.Close();
    dispatcher_.join();
  }

  // Has `callback` called with each event published from now on.
  void Subscribe(Callback callback) { Request(std::move(callback)); }

  // Calls all who have subscribed before. When this returns they have been called, and so have those whom they informed
  // in turn. Within a callback it returns before that; the Publish() that the callback answers does not.
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

  std::vector<Callback> callbacks_;  // This and the next are touched by the dispatcher alone.
  std::deque<Task> put_aside_;
  Channel<Message> inbox_;
  std::thread dispatcher_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_EVENT_BUS_H_
