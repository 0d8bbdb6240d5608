#ifndef RACELAB_SANITIZERS_GATE_COMMANDS_H_
#define RACELAB_SANITIZERS_GATE_COMMANDS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace racelab {

// Adds one subcommand each, defined in the file of the same name, as in racelab/commands.h. `program` holds the words
// after `--`.
void AddExec(CLI::App& racelab, std::vector<std::string> program);
void AddCanary(CLI::App& racelab, std::vector<std::string> program);
void AddSuppressions(CLI::App& racelab);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_COMMANDS_H_
