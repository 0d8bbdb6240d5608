#ifndef RACELAB_SANITIZERS_RACELAB_LAB_TOML_H_
#define RACELAB_SANITIZERS_RACELAB_LAB_TOML_H_

#include "absl/status/status.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// Reads lab.toml in the lab's folder: all that it says of the lab. InvalidArgument names file, line and what is wrong.
absl::Status ReadLabToml(const Project& project, Lab& lab);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_LAB_TOML_H_
