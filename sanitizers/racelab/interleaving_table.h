#ifndef RACELAB_SANITIZERS_RACELAB_INTERLEAVING_TABLE_H_
#define RACELAB_SANITIZERS_RACELAB_INTERLEAVING_TABLE_H_

#include <string>

#include "sanitizers/report/exploration.h"

namespace racelab {

// The failing interleaving as a table within 80 columns: a column a thread, a row a step, then the source lines that
// the rows refer to. What has no name is M1, M2, ... if it is a mutex, x1, x2, ... otherwise. Relative source files
// are looked for in `directory`. Empty if no step is worth a row.
std::string InterleavingTable(const InterleavingFailure& failure, const std::string& directory);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_INTERLEAVING_TABLE_H_
