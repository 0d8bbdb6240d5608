#ifndef RACELAB_SERVING_HATCH_H_
#define RACELAB_SERVING_HATCH_H_

#include <cstddef>
#include <deque>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The hatch between a kitchen and its dining room: cooks put plates into the hatch, waiters take them out.
//
// Safe to use from any number of threads at once. Plates come out in the order in which they were put in, each once.
// There is room for a fixed number of plates: a cook waits only while the hatch is full, a waiter only while it is
// empty. A waiting thread sleeps until it is woken.
//
// Two condition variables, one for each reason to wait. A thread woken by `has_plate_` waits for a plate, and there is
// one; if the thread comes too late, another waiter has taken the plate, and will wake a cook. The mutex is free by
// then. So waking one thread at a time is enough, and only bad luck wakes a thread in vain. The price: each change must
// notify the right one, and each woken cook must really put a plate in: if there is no memory for it (std::bad_alloc),
// the wake-up is used up, and the next cook may wait although there is room.
class ServingHatch {
 public:
  using Plate = int;

  // Requires room > 0.
  explicit ServingHatch(std::size_t room) : room_(room) {}

  // Puts a plate in, as soon as there is room for it.
  void Put(Plate plate) {
    {
      absl::MutexLock lock(&mutex_);
      while (plates_.size() == room_) has_room_.Wait(&mutex_);
      plates_.push_back(plate);
    }
    has_plate_.Signal();
  }

  // Takes the oldest plate out, as soon as there is one.
  Plate Take() {
    const Plate oldest = TakeOldest();
    has_room_.Signal();
    return oldest;
  }

 private:
  Plate TakeOldest() {
    absl::MutexLock lock(&mutex_);
    while (plates_.empty()) has_plate_.Wait(&mutex_);
    const Plate oldest = plates_.front();
    plates_.pop_front();
    return oldest;
  }

  const std::size_t room_;
  absl::Mutex mutex_;
  absl::CondVar has_room_;
  absl::CondVar has_plate_;
  std::deque<Plate> plates_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_SERVING_HATCH_H_
