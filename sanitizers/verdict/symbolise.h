#ifndef RACELAB_SANITIZERS_VERDICT_SYMBOLISE_H_
#define RACELAB_SANITIZERS_VERDICT_SYMBOLISE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// A variable with a fixed address.
struct Global {
  std::string name;         // demangled, with its namespace
  std::uint64_t start = 0;  // its offset in the module
  std::uint64_t size = 0;   // bytes
};

// Both functions ask AskSymbolizer, which see. A place is "module+0xoffset".

// What each place, the address after a call, stands for: the frames there, innermost first, more than one where
// functions are inlined. A frame of which the tool knows nothing has just the module.
std::map<std::string, std::vector<Frame>> Symbolise(const std::vector<std::string>& places,
                                                    const std::string& directory);

// The variable that each place lies in, if it lies in one. addr2line knows none.
std::map<std::string, Global> SymboliseGlobals(const std::vector<std::string>& places, const std::string& directory);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_SYMBOLISE_H_
