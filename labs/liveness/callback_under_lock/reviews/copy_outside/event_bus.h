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
// A list of callbacks is never changed, only replaced by a longer list, so a thread that goes through a list needs no
// lock: it owns a share of the list, which lives as long as needed. The mutex guards the pointer to the newest list,
// and is not held while a callback is called or destroyed. The price of an event is one share more and one share less.
// The lists share their callbacks: a longer list with copies of them would copy a callback while it runs.
class EventBus {
 public:
  using Callback = std::function<void(const std::string& event)>;

  // Registers `callback`, which is called with each event published from now on.
  void Subscribe(Callback callback) {
    auto shared = std::make_shared<const Callback>(std::move(callback));
    for (std::shared_ptr<const Callbacks> seen = Newest();;) {
      auto longer = std::make_shared<Callbacks>(*seen);
      longer->push_back(shared);
      absl::MutexLock lock(&mutex_);
      if (newest_ == seen) {
        newest_ = std::move(longer);
        return;
      }
      seen = newest_;  // Somebody else was faster.
    }
  }

  // Calls all callbacks subscribed so far, and returns after all callbacks, and all events that they published, have
  // been handled.
  void Publish(const std::string& event) {
    const std::shared_ptr<const Callbacks> callbacks = Newest();
    for (const std::shared_ptr<const Callback>& callback : *callbacks) (*callback)(event);
  }

 private:
  using Callbacks = std::vector<std::shared_ptr<const Callback>>;

  std::shared_ptr<const Callbacks> Newest() const {
    absl::MutexLock lock(&mutex_);
    return newest_;
  }

  mutable absl::Mutex mutex_;  // Not held while a callback is called or destroyed: the newest list has them all.
  std::shared_ptr<const Callbacks> newest_ ABSL_GUARDED_BY(mutex_) = std::make_shared<Callbacks>();
};

#endif  // RACELAB_EVENT_BUS_H_
