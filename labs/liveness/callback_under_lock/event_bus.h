#ifndef RACELAB_EVENT_BUS_H_
#define RACELAB_EVENT_BUS_H_

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

// Delivers events to all who have subscribed.
//
//   EventBus house;
//   house.Subscribe([&](const std::string& event) { if (event == "smoke") house.Publish("alarm"); });
//   house.Publish("smoke");
//
// Safe to use from any number of threads at once, and from within a callback; so callbacks may run at the same time. A
// callback is never copied once it has been subscribed: what it remembers from one event is there at the next.
class EventBus {
 public:
  using Callback = std::function<void(const std::string& event)>;

  // Registers `callback`, which is called with each event published from now on.
  void Subscribe(Callback callback) {
    std::lock_guard lock(mutex_);
    callbacks_.push_back(std::move(callback));
  }

  // Calls all callbacks subscribed so far. The outermost Publish() returns after all callbacks, and all events that
  // they published, have been handled. A nested Publish() may return earlier.
  void Publish(const std::string& event) {
    std::lock_guard lock(mutex_);  // Nobody may subscribe while we go through the list.
    for (const Callback& callback : callbacks_) callback(event);
  }

 private:
  std::mutex mutex_;
  std::vector<Callback> callbacks_;
};

#endif  // RACELAB_EVENT_BUS_H_
