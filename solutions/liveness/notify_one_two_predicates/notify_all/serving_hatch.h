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
// Each change wakes all waiting threads, and each checks for itself whether it can go on. The right thread is certainly
// among them. This repair needs no thought, and stays right when somebody adds a third reason to wait. The price: when
// many threads wait, most are woken in vain and go back to sleep.
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
