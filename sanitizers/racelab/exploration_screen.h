#ifndef RACELAB_SANITIZERS_RACELAB_EXPLORATION_SCREEN_H_
#define RACELAB_SANITIZERS_RACELAB_EXPLORATION_SCREEN_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "sanitizers/report/exploration.h"

namespace racelab {

struct ExplorationScreen {
  std::string directory;  // the project's: left out of paths, and where relative source files are looked for
  std::string part;       // " of part 2/8", if it is one
  bool full = false;      // all failures, all of each; by default, what fits
  bool is_replay = false;
  size_t lines = 21;  // on a terminal of 24, with the command, the closing line and the next prompt
  // The words of the command line that shows a failure again; none if nothing does.
  std::function<std::vector<std::string>(const Exploration&, const InterleavingFailure&)> replay;
};

// What `racelab explore` prints of its explorations, for people: a line a scenario; of the most telling failure what
// happens in it, step by step, and how to see it again; of the others a line each; of what holds, what that leaves out.
std::string Text(const ExplorationScreen& screen, const std::vector<Exploration>& explorations);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_EXPLORATION_SCREEN_H_
