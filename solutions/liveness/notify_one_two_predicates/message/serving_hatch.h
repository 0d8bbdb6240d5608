#ifndef RACELAB_SERVING_HATCH_H_
#define RACELAB_SERVING_HATCH_H_

#include <cstddef>

#include "solutions/support/channel.h"

// The hatch between a kitchen and its dining room: cooks put plates into the hatch, waiters take them out.
//
// Safe to use from any number of threads at once. Plates come out in the order in which they were put in, each once.
// There is room for a fixed number of plates: a cook waits only while the hatch is full, a waiter only while it is
// empty. A waiting thread sleeps until it is woken.
//
// A hatch is a channel of limited capacity, so let it be one. Nobody calls notify here: in the channel, each waiting
// thread has told the mutex its condition (absl::Condition), and on release the mutex wakes a thread whose condition is
// now true. The wrong thread cannot be woken. The price: the mutex evaluates all these conditions.
class ServingHatch {
 public:
  using Plate = int;

  // Requires room > 0.
  explicit ServingHatch(std::size_t room) : plates_(room) {}

  // Puts a plate in, as soon as there is room for it.
  void Put(Plate plate) { plates_.Send(plate); }

  // Takes the oldest plate out, as soon as there is one.
  Plate Take() { return *plates_.Receive(); }

 private:
  Channel<Plate> plates_;
};

#endif  // RACELAB_SERVING_HATCH_H_
