#ifndef RACELAB_SANITIZERS_SYMBOLS_LOCATION_H_
#define RACELAB_SANITIZERS_SYMBOLS_LOCATION_H_

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "sanitizers/report/exploration.h"

namespace racelab {

// What is known about a thread's state in one of its functions.
struct FrameState {
  const StepFrame* frame = nullptr;
  const std::vector<int>* registers = nullptr;  // which registers StepFrame::registers holds: Layout::registers
  std::uint64_t stack_pointer = 0;
  std::uint64_t bias = 0;  // addresses in memory minus addresses in the file
  const std::map<std::uint64_t, std::uint64_t>* words = nullptr;
  std::uint64_t pc = 0;  // in the file
  Dwarf_Die function;    // the function whose frame it is
};

// DWARF's register numbers on x86-64.
inline constexpr std::uint64_t kFramePointer = 6, kStackPointer = 7;

// The value of a register, by its DWARF number, in the frame; nullopt if unknown.
std::optional<std::uint64_t> Register(std::uint64_t number, const FrameState& state);

// Where a variable is: its address or, if it is in a register, its value. nullopt if unknown: optimised out, in several
// pieces, or in a register that later calls may have changed.
struct Location {
  bool in_memory = true;
  std::uint64_t value = 0;  // the address, if in memory
  bool everywhere = false;  // valid in the whole function: does not tell whether the variable has a value yet
};
std::optional<Location> LocationOf(Dwarf_Die variable, const FrameState& state);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_LOCATION_H_
