#ifndef RACELAB_SANITIZERS_RACELAB_BUILD_INPUTS_H_
#define RACELAB_SANITIZERS_RACELAB_BUILD_INPUTS_H_

#include <filesystem>

#include "absl/status/status.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// Call this before each build. Ninja compares modification times. A header that was moved, linked or restored may be
// older than what was built from its predecessor; ninja would not rebuild, and the predecessor would be judged. This
// function notes the contents of the labs' and the participant's sources in `tree`. A file that has changed since the
// last note, but is older than that note, gets the current time.
//
// FailedPrecondition names a file whose time cannot be changed.
absl::Status NoteInputs(const Project& project, const std::filesystem::path& tree);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_BUILD_INPUTS_H_
