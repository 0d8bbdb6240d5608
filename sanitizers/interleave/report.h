#ifndef RACELAB_SANITIZERS_INTERLEAVE_REPORT_H_
#define RACELAB_SANITIZERS_INTERLEAVE_REPORT_H_

#include "sanitizers/interleave/explorer.h"

namespace racelab::interleave {

// Writes one line for human readers: "all 34 interleavings hold", or the failure with its schedule.
void Summarise(const Exploration& exploration, char* line, std::size_t size);

// Appends the exploration, as one line of JSON, to the file of the option `report`. Places in the program are
// "module+offset", for a symboliser.
void WriteReport(const Exploration& exploration);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_REPORT_H_
