#ifndef RACELAB_SANITIZERS_GATE_GATE_H_
#define RACELAB_SANITIZERS_GATE_GATE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "sanitizers/formats/formats.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/finding_files.h"

namespace racelab {

// Where findings go, and which of them fail.
struct GateOptions {
  FindingFiles files;
  std::string format = "text";       // of what is printed
  std::string baseline;              // a file
  std::string new_baseline;          // a file to be written with everything that was found
  std::string diff_base;             // a revision: places in lines that changed since then come first
  std::string root;                  // of the sources; default: the working directory
  std::vector<std::string> fail_on;  // the ids of the rules whose findings fail; empty: all
  size_t most = 0;                   // findings that do not fail yet
};

// Adds the options to a subcommand. `with_format`: also --format, for a command that prints nothing else.
void AddGateOptions(CLI::App& command, GateOptions& options, bool with_format);

// Ends the subcommand with kMisuse if an option makes no sense or a file cannot be read. Call it before long work.
void CheckGateOptions(GateOptions& options);

// Removes what the baseline knows, writes all files, and prints the findings. Returns kWrong if there are more than
// options.most, otherwise kRight.
ExitCode PassGate(const GateOptions& options, Findings findings);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_GATE_H_
