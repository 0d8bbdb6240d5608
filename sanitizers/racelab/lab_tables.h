#ifndef RACELAB_SANITIZERS_RACELAB_LAB_TABLES_H_
#define RACELAB_SANITIZERS_RACELAB_LAB_TABLES_H_

#include <string>
#include <vector>

#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/track.h"

namespace racelab {

// The tables of labs in Markdown files. `racelab list --markdown` and `racelab list --evidence TRACK` print them, and a
// test compares.

// Each track with a table of its labs, under the names that give nothing away. Links are relative to the project's
// root.
std::string TableOfLabs(const Project& project, const std::vector<Track>& tracks, const std::vector<Lab>& labs);

// For each lab of the track: its bug, the bug's titles in public catalogues, and each detector's report. Links are
// relative to the track's folder.
std::string TableOfEvidence(const Project& project, const std::vector<Lab>& labs, const std::string& track);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_LAB_TABLES_H_
