#ifndef RACELAB_SANITIZERS_PARTICIPANT_DIFF_H_
#define RACELAB_SANITIZERS_PARTICIPANT_DIFF_H_

#include <filesystem>
#include <string>

#include "sanitizers/racelab/project.h"

namespace racelab {

// The difference between two files, in the unified format and in colour; empty if there is none.
std::string DiffOf(const Project& project, const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_DIFF_H_
