#ifndef RACELAB_SERVING_HATCH_H_
#define RACELAB_SERVING_HATCH_H_

#include <cstddef>
#include <deque>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The hatch between a kitchen and its dining room: cooks put plates into it, waiters take them out.
//
// Safe to use from any number of threads at once. Plates come out in the order in which they were put in, each once.
// There is room for a fixed number: a cook waits while the hatch is full, a waiter while it is empty, and neither any
// longer than that.
//
// All who wait are woken at each change, and look for themselves whether it is what they have been waiting for. The one
// it was meant for is certainly among them. It is the repair that needs no thought, and stays right when a third
// reason to wait is added. The price: with many who wait, most are woken to find nothing and to lie down again.
class ServingHatch {
 public:
  using Plate = int;

  // Requires room > 0.
  explicit ServingHatch(std::size_t room) : room_(room) {}

  // Puts a plate in, as soon as there is room for it.
  void Put(Plate plate) {
    absl::MutexLock lock(&mutex_);
    while (plates_.size() == room_) changed_.Wait(&mutex_);
    plates_.push_back(plate);
    changed_.SignalAll();
  }

  // Takes the oldest plate out, as soon as there is one.
  Plate Take() {
    absl::MutexLock lock(&mutex_);
    while (plates_.empty()) changed_.Wait(&mutex_);
    const Plate oldest = plates_.front();
    plates_.pop_front();
    changed_.SignalAll();
    return oldest;
  }

 private:
  const std::size_t room_;
  absl::Mutex mutex_;
  absl::CondVar changed_;
  std::deque<Plate> plates_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_SERVING_HATCH_H_
