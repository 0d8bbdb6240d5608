#ifndef RACELAB_EVENT_BUS_H_
#define RACELAB_EVENT_BUS_H_

#include <functional>
#include <memory>
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
// A list of callbacks is never changed, only replaced by a longer one, so whoever goes through a list needs no lock.
// The mutex guards the pointer to the newest list, and is not held while a callback is called.
class EventBus {
 public:
  using Callback = std::function<void(const std::string& event)>;

  // Has `callback` called with each event published from now on.
  void Subscribe(Callback callback) {
    absl::MutexLock lock(&mutex_);
    auto longer = std::make_shared<Callbacks>(*newest_);
    longer->push_back(std::move(callback));
    newest_ = std::move(longer);
  }

  // Calls all who have subscribed before. When this returns they have been called, and so have those whom they informed
  // in turn.
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
