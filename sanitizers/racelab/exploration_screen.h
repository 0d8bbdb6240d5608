#ifndef RACELAB_SANITIZERS_RACELAB_EXPLORATION_SCREEN_H_
#define RACELAB_SANITIZERS_RACELAB_EXPLORATION_SCREEN_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "sanitizers/report/exploration.h"

namespace racelab {

struct ExplorationScreen {
  std::string directory;  // the project's: left out of paths, and the folder of relative source files
  std::string part;       // " of part 2/8", if the exploration is only a part
  bool full = false;      // all details of all failures; by default, only what fits on the screen
  bool is_replay = false;
  size_t lines = 21;  // for a terminal of 24 lines, minus the command, the closing line and the next prompt
  // The words of the command line that shows a failure again; none if no command does.
  std::function<std::vector<std::string>(const Exploration&, const InterleavingFailure&)> replay;
};

// The output of `racelab explore` for human readers: a line for each scenario; the most telling failure step by step,
// and how to see it again; a line for each other failure; and what the scenarios that hold do not cover.
std::string Text(const ExplorationScreen& screen, const std::vector<Exploration>& explorations);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_EXPLORATION_SCREEN_H_
