#ifndef RACELAB_SANITIZERS_RACELAB_FINDING_FILES_H_
#define RACELAB_SANITIZERS_RACELAB_FINDING_FILES_H_

#include <string>
#include <string_view>

#include "CLI/CLI.hpp"
#include "sanitizers/formats/formats.h"

namespace racelab {

// Where to write findings for other programs.
struct FindingFiles {
  std::string sarif, junit, markdown, json;  // files; empty: none
  std::string category;                      // distinguishes this SARIF from that of other runs on the same commit
  bool github = false;                       // annotations on standard output
};

// Adds the options to a subcommand; `json` is the name of the option for JSON.
void AddFindingFiles(CLI::App& command, FindingFiles& files, const std::string& json);

// Writes all of `text` to the file or nothing; ends the subcommand with kMisuse if it cannot be written.
void WriteWhole(const std::string& path, std::string_view text);

// Writes all files. The caller prints the annotations, which must not interrupt other output.
void WriteFindingFiles(const FindingFiles& files, const Findings& findings);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_FINDING_FILES_H_
