#ifndef RACELAB_BOILER_STATUS_H_
#define RACELAB_BOILER_STATUS_H_

#include <atomic>
#include <cstdint>

// The state of a steam boiler, as the panel in the control room shows it.
//
// Safe to use from any number of threads at once; the burner's control and the water gauge report on threads of their
// own. What was reported is shown until something else is reported about the same thing.
//
// Both are bits of one atomic byte. A report that changes nothing only reads, and one load shows both. Relaxed
// suffices: nobody concludes anything about other memory from a lamp. The price: the bits have to be spelled out; and
// the smallest of all, one byte.
class BoilerStatus {
 public:
  struct Lamps {
    bool burner_lit = false;
    bool low_water = false;
  };

  // Reports whether the burner is lit; at first it is not. Relaxed: see above.
  void SetBurner(bool lit) { Set(kBurnerLit, lit); }

  // Reports whether the water is low; at first it is not. Relaxed: see above.
  void SetLowWater(bool low) { Set(kLowWater, low); }

  bool BurnerLit() const { return Has(kBurnerLit); }
  bool LowWater() const { return Has(kLowWater); }

  // Both as they are at one moment. Relaxed: see above.
  Lamps Shown() const {
    const std::uint8_t bits = bits_.load(std::memory_order_relaxed);
    return {.burner_lit = (bits & kBurnerLit) != 0, .low_water = (bits & kLowWater) != 0};
  }

 private:
  static constexpr std::uint8_t kBurnerLit = 1, kLowWater = 2;

  // Relaxed: see above.
  bool Has(std::uint8_t bit) const { return (bits_.load(std::memory_order_relaxed) & bit) != 0; }

  // Relaxed: see above.
  void Set(std::uint8_t bit, bool on) {
    const std::uint8_t bits = bits_.load(std::memory_order_relaxed);
    const auto changed = static_cast<std::uint8_t>(on ? bits | bit : bits & ~bit);
    if (changed != bits) bits_.store(changed, std::memory_order_relaxed);
  }

  std::atomic<std::uint8_t> bits_ = 0;
};

#endif  // RACELAB_BOILER_STATUS_H_
