#ifndef RACELAB_SANITIZERS_RACELAB_INTERLEAVING_TABLE_H_
#define RACELAB_SANITIZERS_RACELAB_INTERLEAVING_TABLE_H_

#include <cstddef>
#include <string>

#include "sanitizers/report/exploration.h"

namespace racelab {

// The failing interleaving as a table within 80 columns: a column for each thread, a row for each step, then the source
// lines to which the rows refer. Objects without a name are called M1, M2, ... if they are mutexes, and x1, x2, ...
// otherwise. Relative source files are looked up in `directory`. Empty if no step is worth a row.
//
// If `lines` is not 0, the table has at most that many lines: the most telling steps, a line "⋮  n steps" for the steps
// between them, and the source lines only if they fit; it is empty if nothing fits. If `with_source` is false, there
// are no source lines in any case. The first `skipped` steps have no rows, but their numbers.
std::string InterleavingTable(const InterleavingFailure& failure, const std::string& directory, size_t lines = 0,
                              bool with_source = true, size_t skipped = 0);

// "read ready_ → false", "write total_ = 1", "update hits_: 0 → 1", "lock mutex_"; `name` is that of the object.
std::string WhatHappens(const InterleavingStep& step, const std::string& name);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_INTERLEAVING_TABLE_H_
