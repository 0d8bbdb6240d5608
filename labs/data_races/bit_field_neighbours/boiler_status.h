#ifndef RACELAB_BOILER_STATUS_H_
#define RACELAB_BOILER_STATUS_H_

#include <mutex>

// The state of a steam boiler, as the panel in the control room shows it.
//
// Safe to use from any number of threads at once; the burner's control and the water gauge report on threads of their
// own. What was reported is shown until something else is reported about the same thing.
class BoilerStatus {
 public:
  struct Lamps {
    bool burner_lit = false;
    bool low_water = false;
  };

  // Reports whether the burner is lit; at first it is not.
  void SetBurner(bool lit) {
    std::lock_guard lock(burner_mutex_);
    burner_lit_ = lit;
  }

  // Reports whether the water is low; at first it is not.
  void SetLowWater(bool low) {
    std::lock_guard lock(water_mutex_);
    low_water_ = low;
  }

  bool BurnerLit() const {
    std::lock_guard lock(burner_mutex_);
    return burner_lit_;
  }
  bool LowWater() const {
    std::lock_guard lock(water_mutex_);
    return low_water_;
  }

  // Both as they are at one moment.
  Lamps Shown() const {
    std::lock_guard burner_lock(burner_mutex_);
    std::lock_guard water_lock(water_mutex_);
    return {.burner_lit = burner_lit_, .low_water = low_water_};
  }

 private:
  // Each of the two has a mutex, so that neither waits for the other. A plant has thousands of such states to keep and
  // to log, so each takes as little room as it can.
  mutable std::mutex burner_mutex_;  // For burner_lit_.
  mutable std::mutex water_mutex_;   // For low_water_. Locked after burner_mutex_ by who needs both.
  bool burner_lit_ : 1 = false;
  bool low_water_ : 1 = false;
};

#endif  // RACELAB_BOILER_STATUS_H_
