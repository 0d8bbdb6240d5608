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

// The frames in the answer to a question about code, innermost first; more than one where functions are inlined. An
// unknown frame has only the module.
std::vector<Frame> ReadFrames(const Question& question, const Answer& answer);

// The variable in the answer to a question about data; nullopt if there is none.
std::optional<Global> ReadGlobal(const Question& question, const Answer& answer);

// The frames of each place "module+0xoffset"; a place is the address after a call.
using FramesOfPlaces = std::map<std::string, std::vector<Frame>>;

// Looks places up: see AskSymbolizer. Places without an answer are left out.
FramesOfPlaces Symbolise(const std::vector<std::string>& places, const std::string& directory);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_SYMBOLISE_H_
