#ifndef RACELAB_SANITIZERS_RACELAB_COMMANDS_H_
#define RACELAB_SANITIZERS_RACELAB_COMMANDS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace racelab {

// The exit codes of `racelab`.
enum ExitCode {
  kRight = 0,         // done, and nothing was wrong
  kWrong = 1,         // a verdict was wrong, a program misbehaved, or a lab is incomplete
  kMisuse = 2,        // the command line, or the project that it was used on, is wrong
  kCannotTell = 3,    // it is unknown whether the program holds or fails
  kInterrupted = 130  // Ctrl-C
};

// Each function adds one subcommand, defined in the file of the same name. A subcommand throws CLI::RuntimeError with
// its exit code, unless that is 0.
void AddList(CLI::App& racelab);
void AddRun(CLI::App& racelab);
void AddVerify(CLI::App& racelab);
// `program` holds the words after `--`: a user's program, and its arguments.
void AddExplore(CLI::App& racelab, std::vector<std::string> program);
// Like AddExplore(), `program` holds the words after `--`.
void AddMutate(CLI::App& racelab, std::vector<std::string> program);
void AddBench(CLI::App& racelab);
void AddAudit(CLI::App& racelab);
// `words` holds the words after `--`: a command line to complete.
void AddCompletion(CLI::App& racelab, std::vector<std::string> words);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_COMMANDS_H_
