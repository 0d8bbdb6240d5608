#ifndef RACELAB_BOILER_STATUS_H_
#define RACELAB_BOILER_STATUS_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The state of a steam boiler, as the panel in the control room shows it.
//
// Safe to use from any number of threads at once; the burner's control and the water gauge report on threads of their
// own. What was reported is shown until something else is reported about the same thing.
//
// Bit fields that stand side by side are one memory location: to write one of them is to read both and to write both.
// So they have one mutex. The price: the burner's control and the gauge wait for each other, for the time of a store.
class BoilerStatus {
 public:
  struct Lamps {
    bool burner_lit = false;
    bool low_water = false;
  };

  // Reports whether the burner is lit; at first it is not.
  void SetBurner(bool lit) {
    absl::MutexLock lock(&mutex_);
    burner_lit_ = lit;
  }

  // Reports whether the water is low; at first it is not.
  void SetLowWater(bool low) {
    absl::MutexLock lock(&mutex_);
    low_water_ = low;
  }

  bool BurnerLit() const {
    absl::MutexLock lock(&mutex_);
    return burner_lit_;
  }
  bool LowWater() const {
    absl::MutexLock lock(&mutex_);
    return low_water_;
  }

  // Both as they are at one moment.
  Lamps Shown() const {
    absl::MutexLock lock(&mutex_);
    return {.burner_lit = burner_lit_, .low_water = low_water_};
  }

 private:
  mutable absl::Mutex mutex_;
  bool burner_lit_ : 1 ABSL_GUARDED_BY(mutex_) = false;
  bool low_water_ : 1 ABSL_GUARDED_BY(mutex_) = false;
};

#endif  // RACELAB_BOILER_STATUS_H_
