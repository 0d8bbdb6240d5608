#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_EXPECTED_RACES_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_EXPECTED_RACES_H_

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// Memory on which the program has announced that data races are meant (AnnotateBenignRace): accesses to it are steps,
// so that all that comes of their order is shown, and are no failures. In the eight bytes around it others still are.
class ExpectedRaces {
 public:
  // More bytes than these are no steps.
  static constexpr std::size_t kMostSteps = 64;

  void Forget() { ranges_.clear(); }
  bool empty() const { return ranges_.empty(); }
  void Add(std::uintptr_t address, std::size_t size) { ranges_.push_back({address, size}); }
  bool Meet(std::uintptr_t address, std::size_t size) const {
    for (const Range& range : ranges_) {
      if (address < range.address + range.size && range.address < address + size) return true;
    }
    return false;
  }

 private:
  struct Range {
    std::uintptr_t address;
    std::size_t size;
  };
  Vector<Range> ranges_;
};

// In Campaign's list of what is promoted: these eight bytes, but races on what is not expected of them are reported.
inline std::uintptr_t ExpectedAt(std::uintptr_t granule) { return granule | 1; }

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_EXPECTED_RACES_H_
