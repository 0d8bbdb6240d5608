#ifndef RACELAB_SANITIZERS_RACELAB_IDENTIFIERS_H_
#define RACELAB_SANITIZERS_RACELAB_IDENTIFIERS_H_

#include <string>

#include "sanitizers/racelab/project.h"

namespace racelab {

// A public identifier of a bug with its title, from labs/identifiers.toml: "CWE-366: Race Condition within a Thread".
// The identifier alone if the file has no title for it.
std::string NameOf(const Project& project, const std::string& id);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_IDENTIFIERS_H_
