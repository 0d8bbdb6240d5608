#ifndef RACELAB_SANITIZERS_GATE_COMMANDS_H_
#define RACELAB_SANITIZERS_GATE_COMMANDS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace racelab {

// Each function adds one subcommand and is defined in the file of the same name, as in racelab/commands.h. `program`
// holds the arguments after `--`.
void AddExec(CLI::App& racelab, std::vector<std::string> program);
void AddCanary(CLI::App& racelab, std::vector<std::string> program);
void AddSuppressions(CLI::App& racelab);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_COMMANDS_H_
