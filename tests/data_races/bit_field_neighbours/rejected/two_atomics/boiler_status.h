#ifndef RACELAB_BOILER_STATUS_H_
#define RACELAB_BOILER_STATUS_H_

#include <atomic>

// The state of a steam boiler, as the panel in the control room shows it.
//
// Safe to use from any number of threads at once; the burner's control and the water gauge report on threads of their
// own. What was reported is shown until something else is reported about the same thing.
//
// Each of the two is an atomic of its own, so that neither waits for the other.
class BoilerStatus {
 public:
  struct Lamps {
    bool burner_lit = false;
    bool low_water = false;
  };

  // Reports whether the burner is lit; at first it is not.
  void SetBurner(bool lit) { burner_lit_ = lit; }

  // Reports whether the water is low; at first it is not.
  void SetLowWater(bool low) { low_water_ = low; }

  bool BurnerLit() const { return burner_lit_; }
  bool LowWater() const { return low_water_; }

  // Both as they are at one moment.
  Lamps Shown() const { return {.burner_lit = burner_lit_, .low_water = low_water_}; }

 private:
  std::atomic<bool> burner_lit_ = false;
  std::atomic<bool> low_water_ = false;
};

#endif  // RACELAB_BOILER_STATUS_H_
