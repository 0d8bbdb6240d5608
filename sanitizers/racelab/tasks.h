#ifndef RACELAB_SANITIZERS_RACELAB_TASKS_H_
#define RACELAB_SANITIZERS_RACELAB_TASKS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace racelab {

// The machine-executable part of what a lab's README.md asks its participants to do.

// A command line in the text, and the output that the text shows for it; empty if it shows none.
struct ShownCommand {
  std::vector<std::string> words;  // "racelab", "run", "lost_update"
  std::string output;
};

// All command lines of `racelab` in the text, in order.
std::vector<ShownCommand> CommandsIn(std::string_view readme);

// Lines to be replaced, as a unified diff shows them: the lines that begin with ' ' or '-', and those with ' ' or '+'.
struct Hunk {
  std::string before;
  std::string after;
};

// An edit from a task, and the output that the text then shows for the commands below it.
//
//   ```diff
//   --- main.cc
//   -constexpr int kThreads = 4;
//   +constexpr int kThreads = 1;
//   ```
//   ```console
//   $ racelab run lost_update
//   day 1: answered 400000, counted 400000
//   ```
struct TaskEdit {
  std::string file;  // in the lab's folder
  std::vector<Hunk> hunks;
  std::vector<ShownCommand> shown;
};

// The edits in the text: each ```diff block with the ```console block that follows it.
std::vector<TaskEdit> EditsIn(std::string_view readme);

// The commands in ```console blocks that belong to no edit; the first is the lab's opening.
std::vector<ShownCommand> ShownIn(std::string_view readme);

// `text` after the edit. NotFound quotes the lines that do not occur in it exactly once.
absl::StatusOr<std::string> Apply(const TaskEdit& edit, std::string text);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_TASKS_H_
