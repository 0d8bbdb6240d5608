#ifndef RACELAB_SANITIZERS_RACELAB_LAB_TOML_H_
#define RACELAB_SANITIZERS_RACELAB_LAB_TOML_H_

#include "absl/status/status.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// Reads all values of lab.toml in the lab's folder. InvalidArgument gives the file, the line and the error.
absl::Status ReadLabToml(const Project& project, Lab& lab);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_LAB_TOML_H_
