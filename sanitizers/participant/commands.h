#ifndef RACELAB_SANITIZERS_PARTICIPANT_COMMANDS_H_
#define RACELAB_SANITIZERS_PARTICIPANT_COMMANDS_H_

#include "CLI/CLI.hpp"

namespace racelab {

// The subcommands for participants, each defined in the file of the same name; see sanitizers/racelab/commands.h.
void AddShow(CLI::App& racelab);
void AddStart(CLI::App& racelab);
void AddWatch(CLI::App& racelab);
void AddCheck(CLI::App& racelab);
void AddHint(CLI::App& racelab);
void AddStep(CLI::App& racelab);
void AddReport(CLI::App& racelab);
void AddDiff(CLI::App& racelab);
void AddReset(CLI::App& racelab);
void AddSolution(CLI::App& racelab);
void AddProgress(CLI::App& racelab);

// What `racelab` alone prints.
void ShowTour();

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_COMMANDS_H_
