#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_EXPECTED_RACES_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_EXPECTED_RACES_H_

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// Memory for which the program has announced that data races are intended (AnnotateBenignRace). Accesses to it are
// steps, so that the effects of their order are explored; races between them are not failures. Races on other bytes of
// the same granules still are.
class ExpectedRaces {
 public:
  // Accesses to a larger range are not steps.
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

// An element of Campaign's list of promoted memory: this granule, on which other data races are still reported.
inline std::uintptr_t ExpectedAt(std::uintptr_t granule) { return granule | 1; }

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_EXPECTED_RACES_H_
