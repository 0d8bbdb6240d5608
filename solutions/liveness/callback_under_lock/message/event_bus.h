#ifndef RACELAB_EVENT_BUS_H_
#define RACELAB_EVENT_BUS_H_

#include <functional>
#include <memory>
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
// there is no lock that a callback could ask for. If a callback publishes or subscribes, on this bus or on another, its
// request waits in the inbox, and the callback does not wait for it. Waiting would be the same deadlock again: the
// thread that waits would be the thread that has to answer, or that of a bus whose callback waits for this one. Only
// the outermost Publish() waits, until nothing is left of what it has led to.
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

  // All that an outermost call has led to holds a copy. The last one to go tells that call's thread.
  using Errand = std::shared_ptr<Channel<bool>>;

  struct Message {
    Task task;
    Errand errand;
  };

  void Request(Task task) {
    if (errand_ != nullptr) {
      inbox_.Send({std::move(task), *errand_});
      return;
    }
    Channel<bool> done;
    inbox_.Send({std::move(task), Errand(&done, [](Channel<bool>* all_done) { all_done->Send(true); })});
    done.Receive();
  }

  void Dispatch() {
    while (auto message = inbox_.Receive()) {
      errand_ = &message->errand;
      CarryOut(std::move(message->task));
      errand_ = nullptr;
    }
  }

  void CarryOut(Task task) {
    if (auto* callback = std::get_if<Callback>(&task)) {
      callbacks_.push_back(std::move(*callback));
    } else {
      for (const Callback& callback : callbacks_) callback(std::get<std::string>(task));
    }
  }

  // What the current callback is part of, on the thread of any bus.
  inline static thread_local const Errand* errand_ = nullptr;

  std::vector<Callback> callbacks_;  // Only the dispatcher touches this.
  Channel<Message> inbox_;
  std::thread dispatcher_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_EVENT_BUS_H_
