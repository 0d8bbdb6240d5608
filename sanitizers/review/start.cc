#include "sanitizers/review/commands.h"
namespace racelab {
void AddReviewStart(CLI::App& review) { review.add_subcommand("start", "Play a round"); }
}  // namespace racelab
