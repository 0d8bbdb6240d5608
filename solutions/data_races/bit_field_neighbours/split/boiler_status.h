#ifndef RACELAB_BOILER_STATUS_H_
#define RACELAB_BOILER_STATUS_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The state of a steam boiler, as the panel in the control room shows it.
//
// Safe to use from any number of threads at once; the burner's control and the water gauge report on threads of their
// own. What was reported is shown until something else is reported about the same thing.
//
// Each of the two has a mutex, so that neither waits for the other. They may have, because they are no bit fields: each
// is a memory location of its own, and a store to one does not touch the other, even in the next byte. The price: a
// byte for each bit, which is nothing beside two mutexes.
class BoilerStatus {
 public:
  struct Lamps {
    bool burner_lit = false;
    bool low_water = false;
  };

  // Reports whether the burner is lit; at first it is not.
  void SetBurner(bool lit) {
    absl::MutexLock lock(&burner_mutex_);
    burner_lit_ = lit;
  }

  // Reports whether the water is low; at first it is not.
  void SetLowWater(bool low) {
    absl::MutexLock lock(&water_mutex_);
    low_water_ = low;
  }

  bool BurnerLit() const {
    absl::MutexLock lock(&burner_mutex_);
    return burner_lit_;
  }
  bool LowWater() const {
    absl::MutexLock lock(&water_mutex_);
    return low_water_;
  }

  // Both as they are at one moment.
  Lamps Shown() const {
    absl::MutexLock burner_lock(&burner_mutex_);
    absl::MutexLock water_lock(&water_mutex_);
    return {.burner_lit = burner_lit_, .low_water = low_water_};
  }

 private:
  mutable absl::Mutex burner_mutex_;
  mutable absl::Mutex water_mutex_ ABSL_ACQUIRED_AFTER(burner_mutex_);
  bool burner_lit_ ABSL_GUARDED_BY(burner_mutex_) = false;
  bool low_water_ ABSL_GUARDED_BY(water_mutex_) = false;
};

#endif  // RACELAB_BOILER_STATUS_H_
