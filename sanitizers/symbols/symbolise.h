#ifndef RACELAB_SANITIZERS_SYMBOLS_SYMBOLISE_H_
#define RACELAB_SANITIZERS_SYMBOLS_SYMBOLISE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sanitizers/report/report.h"
#include "sanitizers/symbols/symbolizer.h"

namespace racelab {

// A variable with a fixed address.
struct Global {
  std::string name;         // demangled, with its namespace
  std::uint64_t start = 0;  // its offset in the module
  std::uint64_t size = 0;   // bytes
};

// What the answer to a question about code says: the frames there, innermost first, more than one where functions are
// inlined. A frame of which nothing is known has just the module.
std::vector<Frame> ReadFrames(const Question& question, const Answer& answer);

// What the answer to a question about data says: the variable there; nullopt if none is.
std::optional<Global> ReadGlobal(const Question& question, const Answer& answer);

// The frames of each place "module+0xoffset", the address after a call.
using FramesOfPlaces = std::map<std::string, std::vector<Frame>>;

// Looks places up: see AskSymbolizer. Those that get no answer are left out.
FramesOfPlaces Symbolise(const std::vector<std::string>& places, const std::string& directory);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_SYMBOLISE_H_
