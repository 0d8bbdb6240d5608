#ifndef RACELAB_SERVING_HATCH_H_
#define RACELAB_SERVING_HATCH_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>

// The hatch between a kitchen and its dining room: cooks put plates into the hatch, waiters take them out.
//
// Safe to use from any number of threads at once. Plates come out in the order in which they were put in, each once.
// There is room for a fixed number of plates: a cook waits only while the hatch is full, a waiter only while it is
// empty. A waiting thread sleeps until it is woken.
class ServingHatch {
 public:
  using Plate = int;

  // Requires room > 0.
  explicit ServingHatch(std::size_t room) : room_(room) {}

  // Puts a plate in, as soon as there is room for it.
  void Put(Plate plate) {
    std::unique_lock lock(mutex_);
    while (plates_.size() == room_) changed_.wait(lock);
    plates_.push_back(plate);
    changed_.notify_one();  // One plate, one waiter.
  }

  // Takes the oldest plate out, as soon as there is one.
  Plate Take() {
    std::unique_lock lock(mutex_);
    while (plates_.empty()) changed_.wait(lock);
    const Plate oldest = plates_.front();
    plates_.pop_front();
    changed_.notify_one();  // Room for one plate, one cook.
    return oldest;
  }

 private:
  const std::size_t room_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Plate> plates_;
};

#endif  // RACELAB_SERVING_HATCH_H_
