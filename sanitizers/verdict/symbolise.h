#ifndef RACELAB_SANITIZERS_VERDICT_SYMBOLISE_H_
#define RACELAB_SANITIZERS_VERDICT_SYMBOLISE_H_

#include <map>
#include <string>
#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// What each place "module+0xoffset", the address after a call, stands for: the frames there, innermost first, more than
// one where functions are inlined. Asks llvm-symbolizer or, where there is none, addr2line. Places that neither knows
// are left out. Relative module names are looked for in `directory`.
std::map<std::string, std::vector<Frame>> Symbolise(const std::vector<std::string>& places,
                                                    const std::string& directory);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_SYMBOLISE_H_
