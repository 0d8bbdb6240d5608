// racelab report [LAB [VARIANT]]: ThreadSanitizer's report, explained, and as it was printed.
#include "sanitizers/participant/commands.h"
namespace racelab {
void AddReport(CLI::App& racelab) { racelab.add_subcommand("report", "x"); }
void AddStep(CLI::App& racelab) { racelab.add_subcommand("step", "x"); }
}  // namespace racelab
