#ifndef RACELAB_SANITIZERS_RACELAB_INTERLEAVING_TABLE_H_
#define RACELAB_SANITIZERS_RACELAB_INTERLEAVING_TABLE_H_

#include <cstddef>
#include <string>

#include "sanitizers/report/exploration.h"

namespace racelab {

// The failing interleaving as a table within 80 columns: a column a thread, a row a step, then the source lines that
// the rows refer to. What has no name is M1, M2, ... if it is a mutex, x1, x2, ... otherwise. Relative source files
// are looked for in `directory`. Empty if no step is worth a row.
//
// With `lines`, it has at most that many: the steps that tell the most, a line "⋮  n steps" for those between, and the
// source lines only if they fit; it is empty if nothing fits. 0: no such limit. `with_source` false: without source
// lines in any case.
std::string InterleavingTable(const InterleavingFailure& failure, const std::string& directory, size_t lines = 0,
                              bool with_source = true);

// "read ready_ → false", "write total_ = 1", "update hits_: 0 → 1", "lock mutex_"; `name` is that of the object.
std::string WhatHappens(const InterleavingStep& step, const std::string& name);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_INTERLEAVING_TABLE_H_
