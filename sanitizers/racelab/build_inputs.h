#ifndef RACELAB_SANITIZERS_RACELAB_BUILD_INPUTS_H_
#define RACELAB_SANITIZERS_RACELAB_BUILD_INPUTS_H_

#include <filesystem>

#include "absl/status/status.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// To be called before each build. Ninja compares the times of files. A header that was moved, linked or restored to its
// place may be older than what was built from its predecessor, so ninja would not build it, and the predecessor would
// be judged. This notes the contents of the labs' sources and of the participant's in `tree`. A file that has changed
// since the last note, but is older than that note, gets the current time.
//
// FailedPrecondition names a file whose time cannot be changed.
absl::Status NoteInputs(const Project& project, const std::filesystem::path& tree);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_BUILD_INPUTS_H_
