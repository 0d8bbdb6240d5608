#ifndef RACELAB_SANITIZERS_REVIEW_REVIEW_SCREEN_H_
#define RACELAB_SANITIZERS_REVIEW_REVIEW_SCREEN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/participant/attempt.h"
#include "sanitizers/racelab/line_diff.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/review/answer.h"
#include "sanitizers/review/deck.h"
#include "sanitizers/review/round.h"

namespace racelab {

// How a change is displayed.
struct View {
  size_t first_row = 0;  // of the diff
  bool side_by_side = false;
  bool whole_file = false;
};

// A change as a reviewer sees it: title, description and diff, on all lines of the screen except the last `footer`.
// Limits `view.first_row` to the existing rows.
std::string ChangeScreen(const Card& card, const Round::Next& next, const std::vector<DiffLine>& diff,
                         const ScreenSize& size, int footer, View& view);

// The classes of faults, each with the number that selects it.
std::string ClassMenu(int columns);

// The truth about a change, and the reviewer's answer. `verdict` is the detectors' current verdict on the change, or
// the reason why there is none. At most `size.lines` - 1 lines.
std::string AnswerScreen(const Project& project, const Card& card, const GradedAnswer& graded,
                         const absl::StatusOr<Attempt>& verdict, const ScreenSize& size);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_REVIEW_SCREEN_H_
