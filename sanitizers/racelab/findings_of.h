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

// Everything that differs from what is expected: a missed bug, a fix in which something was found, a variant that does
// not compile. The first place of each finding is in the variant's header. The checks are all verifications. `compiler`
// is the compiler of the tests.
Findings FindingsOf(const std::vector<Verification>& verifications, std::string_view compiler, const Project& project);

// Every failure of the program. The checks are all scenarios. `replay` returns the command that shows a failure again,
// or an empty value.
Findings FindingsOf(
    const ExplorationOutcome& outcome,
    const std::function<std::string(const Exploration& exploration, const InterleavingFailure& failure)>& replay,
    const std::string& root);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_FINDINGS_OF_H_
