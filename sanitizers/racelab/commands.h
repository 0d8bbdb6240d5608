#ifndef RACELAB_SANITIZERS_RACELAB_COMMANDS_H_
#define RACELAB_SANITIZERS_RACELAB_COMMANDS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace racelab {

// What `racelab` exits with.
enum ExitCode {
  kRight = 0,         // Done, and nothing was wrong.
  kWrong = 1,         // A verdict was wrong, a program misbehaved, a lab is incomplete.
  kMisuse = 2,        // The command line, or the project that it was used on, cannot be right.
  kCannotTell = 3,    // Of explore: the program is neither known to hold nor to fail.
  kInterrupted = 130  // Ctrl-C.
};

// Each adds one subcommand, in a file of its name. Running it throws CLI::RuntimeError with the exit code, unless that
// is 0.
void AddList(CLI::App& racelab);
void AddShow(CLI::App& racelab);
void AddStart(CLI::App& racelab);
void AddRun(CLI::App& racelab);
void AddVerify(CLI::App& racelab);
// `program` is what stood after `--`: a program of the user's, and its arguments.
void AddExplore(CLI::App& racelab, std::vector<std::string> program);
void AddBench(CLI::App& racelab);
void AddCheck(CLI::App& racelab);
void AddCompletion(CLI::App& racelab);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_COMMANDS_H_
