#ifndef RACELAB_SANITIZERS_RACELAB_FINDINGS_OF_H_
#define RACELAB_SANITIZERS_RACELAB_FINDINGS_OF_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/formats/formats.h"
#include "sanitizers/racelab/exploration_run.h"
#include "sanitizers/racelab/verification.h"

namespace racelab {

// Everything that is not as it should be: a bug that was missed, a fix in which something was found, a variant that
// does not compile; each with its first place in the variant's header. The checks are all verifications. `compiler` is
// that of the tests.
Findings FindingsOf(const std::vector<Verification>& verifications, std::string_view compiler, const Project& project);

// Every failure of the program. The checks are all scenarios. `replay` gives the command that shows a failure again, or
// nothing.
Findings FindingsOf(
    const ExplorationOutcome& outcome,
    const std::function<std::string(const Exploration& exploration, const InterleavingFailure& failure)>& replay,
    const std::string& root);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_FINDINGS_OF_H_
