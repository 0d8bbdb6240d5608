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

// The outputs for findings, and which findings fail the gate.
struct GateOptions {
  FindingFiles files;
  std::string format = "text";       // of the printed output
  std::string baseline;              // a file
  std::string new_baseline;          // a file to write, with all findings
  std::string diff_base;             // a revision; places in lines changed since then come first
  std::string root;                  // of the sources; default: the working directory
  std::vector<std::string> fail_on;  // ids of the rules whose findings fail; empty: all
  size_t most = 0;                   // the number of findings up to which the gate passes
};

// Adds the options to a subcommand. `with_format`: also --format, for a command that prints nothing else.
void AddGateOptions(CLI::App& command, GateOptions& options, bool with_format);

// Ends the subcommand with kMisuse if an option is invalid or a file cannot be read. Call it before long work.
void CheckGateOptions(GateOptions& options);

// Removes the findings in the baseline, writes all files, and prints the findings. Returns kWrong if there are more
// than options.most, otherwise kRight.
ExitCode PassGate(const GateOptions& options, Findings findings);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_GATE_H_
