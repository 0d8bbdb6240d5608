#ifndef RACELAB_SANITIZERS_REVIEW_COMMANDS_H_
#define RACELAB_SANITIZERS_REVIEW_COMMANDS_H_

#include "CLI/CLI.hpp"

namespace racelab {

// `racelab review`, with its own subcommands; see sanitizers/racelab/commands.h.
void AddReview(CLI::App& racelab);

// The subcommands of `racelab review`, each defined in the file of the same name.
void AddReviewStart(CLI::App& review);
void AddReviewGrade(CLI::App& review);
void AddReviewExport(CLI::App& review);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_COMMANDS_H_
