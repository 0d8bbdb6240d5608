#ifndef RACELAB_EVENT_BUS_H_
#define RACELAB_EVENT_BUS_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// Delivers events to all who have subscribed.
//
//   EventBus house;
//   house.Subscribe([&](const std::string& event) { if (event == "smoke") house.Publish("alarm"); });
//   house.Publish("smoke");
//
// Safe to use from any number of threads at once, and from within a callback; so callbacks may run at the same time. A
// callback is never copied once it has been subscribed: what it remembers from one event is there at the next.
//
// The mutex guards the list, and is held only while the list is copied: no callback is called or destroyed under it. So
// no callback can ask for the mutex while its own thread holds it, and no unknown code locks anything under it. The
// list holds shared pointers, because copying a callback would be unknown code, too, would lose what the callback
// remembers, and would race with a call of it. The price: each event copies all the pointers.
class EventBus {
 public:
  using Callback = std::function<void(const std::string& event)>;

  // Registers `callback`, which is called with each event published from now on.
  void Subscribe(Callback callback) {
    auto shared = std::make_shared<const Callback>(std::move(callback));
    absl::MutexLock lock(&mutex_);
    callbacks_.push_back(std::move(shared));
  }

  // Calls all callbacks subscribed so far, and returns after all callbacks, and all events that they published, have
  // been handled.
  void Publish(const std::string& event) {
    for (const std::shared_ptr<const Callback>& callback : Callbacks()) (*callback)(event);
  }

 private:
  std::vector<std::shared_ptr<const Callback>> Callbacks() const {
    absl::MutexLock lock(&mutex_);
    return callbacks_;
  }

  mutable absl::Mutex mutex_;  // Not held while a callback is called.
  std::vector<std::shared_ptr<const Callback>> callbacks_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_EVENT_BUS_H_
