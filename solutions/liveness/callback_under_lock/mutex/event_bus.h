#ifndef RACELAB_EVENT_BUS_H_
#define RACELAB_EVENT_BUS_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// Brings events to those who have asked for them.
//
//   EventBus house;
//   house.Subscribe([&](const std::string& event) { if (event == "smoke") house.Publish("alarm"); });
//   house.Publish("smoke");
//
// Safe to use from any number of threads at once, and from within a callback; so callbacks may run at the same time.
//
// The mutex guards the list, and is held only while the list is copied: no callback is called under it, nor is one
// destroyed, so none can ask for the mutex while its thread holds it, nor take it in an order that we do not know. The
// price: a copy of every callback for each event. Copying one must not use the bus, for that is done under the lock.
class EventBus {
 public:
  using Callback = std::function<void(const std::string& event)>;

  // Has `callback` called with each event published from now on.
  void Subscribe(Callback callback) {
    absl::MutexLock lock(&mutex_);
    callbacks_.push_back(std::move(callback));
  }

  // Calls all who have subscribed before. When this returns they have been called, and so have those whom they informed
  // in turn.
  void Publish(const std::string& event) {
    for (const Callback& callback : Callbacks()) callback(event);
  }

 private:
  std::vector<Callback> Callbacks() const {
    absl::MutexLock lock(&mutex_);
    return callbacks_;
  }

  mutable absl::Mutex mutex_;  // Not held while a callback is called.
  std::vector<Callback> callbacks_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_EVENT_BUS_H_
