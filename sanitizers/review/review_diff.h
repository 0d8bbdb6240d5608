#ifndef RACELAB_SANITIZERS_REVIEW_REVIEW_DIFF_H_
#define RACELAB_SANITIZERS_REVIEW_REVIEW_DIFF_H_

#include <string>
#include <vector>

#include "sanitizers/racelab/line_diff.h"

namespace racelab {

// The narrowest terminal on which two files fit side by side.
inline constexpr int kColumnsForBoth = 150;

// A diff for a terminal: coloured rows of at most `columns` columns. Shows each changed line with its number after the
// change, and `context` lines around it. Long lines take several rows.
std::vector<std::string> UnifiedRows(const std::vector<DiffLine>& diff, int columns, int context = 3);

// Like UnifiedRows(), but with the old file on the left and the new file on the right.
std::vector<std::string> SideBySideRows(const std::vector<DiffLine>& diff, int columns, int context = 3);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_REVIEW_DIFF_H_
