#ifndef RACELAB_SANITIZERS_INTERLEAVE_REPORT_H_
#define RACELAB_SANITIZERS_INTERLEAVE_REPORT_H_

#include "sanitizers/interleave/explorer.h"

namespace racelab::interleave {

// One line for people: "all 34 interleavings hold", or what failed, with its schedule.
void Summarise(const Exploration& exploration, char* line, std::size_t size);

// Appends the exploration to the file of the option `report`, as one line of JSON. Places in the program are
// "module+offset", for a symboliser.
void WriteReport(const Exploration& exploration);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_REPORT_H_
