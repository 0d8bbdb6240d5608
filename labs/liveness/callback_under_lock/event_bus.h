#ifndef RACELAB_EVENT_BUS_H_
#define RACELAB_EVENT_BUS_H_

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

// Brings events to those who have asked for them.
//
//   EventBus house;
//   house.Subscribe([&](const std::string& event) { if (event == "smoke") house.Publish("alarm"); });
//   house.Publish("smoke");
//
// Safe to use from any number of threads at once, and from within a callback; so callbacks may run at the same time.
class EventBus {
 public:
  using Callback = std::function<void(const std::string& event)>;

  // Has `callback` called with each event published from now on.
  void Subscribe(Callback callback) {
    std::lock_guard lock(mutex_);
    callbacks_.push_back(std::move(callback));
  }

  // Calls all who have subscribed before. When this returns they have been called, and so have those whom they informed
  // in turn. (Within a callback it may return before that; the Publish() that the callback answers does not.)
  void Publish(const std::string& event) {
    std::lock_guard lock(mutex_);  // Nobody may subscribe while we go through the list.
    for (const Callback& callback : callbacks_) callback(event);
  }

 private:
  std::mutex mutex_;
  std::vector<Callback> callbacks_;
};

#endif  // RACELAB_EVENT_BUS_H_
