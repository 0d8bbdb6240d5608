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
// Safe to use from any number of threads at once, and from within a callback; so callbacks may run at the same time.
//
// A list of callbacks is never changed, only replaced by a longer one, so going through a list needs no lock. The mutex
// guards the pointer to the newest list, and is not held while a callback is called.
class EventBus {
 public:
  using Callback = std::function<void(const std::string& event)>;

  // Registers `callback`, which is called with each event published from now on.
  void Subscribe(Callback callback) {
    absl::MutexLock lock(&mutex_);
    auto longer = std::make_shared<Callbacks>(*newest_);
    longer->push_back(std::move(callback));
    newest_ = std::move(longer);
  }

  // Calls all callbacks subscribed so far. The outermost Publish() returns after all callbacks, and all events that
  // they published, have been handled. A nested Publish() may return earlier.
  void Publish(const std::string& event) {
    for (const std::shared_ptr<const Callbacks> callbacks = Newest(); const Callback& callback : *callbacks) {
      callback(event);
    }
  }

 private:
  using Callbacks = std::vector<Callback>;

  std::shared_ptr<const Callbacks> Newest() const {
    absl::MutexLock lock(&mutex_);
    return newest_;
  }

  mutable absl::Mutex mutex_;  // Not held while a callback is called.
  std::shared_ptr<const Callbacks> newest_ ABSL_GUARDED_BY(mutex_) = std::make_shared<Callbacks>();
};

#endif  // RACELAB_EVENT_BUS_H_
