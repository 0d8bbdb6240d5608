#ifndef RACELAB_SANITIZERS_RACELAB_BUILD_INPUTS_H_
#define RACELAB_SANITIZERS_RACELAB_BUILD_INPUTS_H_

#include <filesystem>

#include "absl/status/status.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// Ninja goes by the time of a file. A header that was moved, linked or restored to its place may be older than what was
// built from the one before it, which would then be judged in its stead. So the contents of the labs' sources, and of
// the participant's, are noted in `tree` each time; to one that has changed, and is older than the last note, this
// gives the time of now.
//
// FailedPrecondition names a file whose time cannot be changed.
absl::Status NoteInputs(const Project& project, const std::filesystem::path& tree);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_BUILD_INPUTS_H_
