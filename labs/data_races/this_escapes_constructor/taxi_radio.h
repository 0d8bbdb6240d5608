#ifndef RACELAB_LABS_DATA_RACES_THIS_ESCAPES_CONSTRUCTOR_TAXI_RADIO_H_
#define RACELAB_LABS_DATA_RACES_THIS_ESCAPES_CONSTRUCTOR_TAXI_RADIO_H_

#include <mutex>
#include <vector>

// Somebody who listens to the taxi radio.
class Listener {
 public:
  virtual ~Listener() = default;

  // Whether he takes this customer. Called by whoever offers the customer, for one customer at a time.
  virtual bool Takes(int customer) = 0;
};

// The radio over which a taxi office offers its customers. Safe to use from any number of threads at once.
class TaxiRadio {
 public:
  void Register(Listener& listener) {
    std::lock_guard lock(mutex_);
    listeners_.push_back(&listener);
  }

  // When this has returned, `listener` is not asked any more.
  void Unregister(Listener& listener) {
    std::lock_guard lock(mutex_);
    std::erase(listeners_, &listener);
  }

  // Asks one listener after the other, in the order in which they were registered; returns whether one takes
  // `customer`.
  bool Offer(int customer) {
    std::lock_guard lock(mutex_);
    for (Listener* listener : listeners_) {
      if (listener->Takes(customer)) return true;
    }
    return false;
  }

  bool HasListeners() {
    std::lock_guard lock(mutex_);
    return !listeners_.empty();
  }

 private:
  std::mutex mutex_;
  std::vector<Listener*> listeners_;
};

#endif  // RACELAB_LABS_DATA_RACES_THIS_ESCAPES_CONSTRUCTOR_TAXI_RADIO_H_
