#ifndef RACELAB_SANITIZERS_RACELAB_EVASION_H_
#define RACELAB_SANITIZERS_RACELAB_EVASION_H_

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/report/exploration.h"
#include "sanitizers/symbols/symbolise.h"

namespace racelab {

// Something in a participant's variant because of which a detector's silence would prove nothing: code that the
// sanitizer is kept out of, inline assembly, calls of the sanitizer's own functions, a solution that is included. In
// one sentence for the participant, with file and line. nullopt if there is nothing.
//
// `preprocessed` is the compiler's output for -E, so that a macro hides nothing. `own` is the participant's folder.
std::optional<std::string> FindEvasion(std::string_view preprocessed, const std::filesystem::path& own,
                                       const Project& project);

// The same, for the participant's variant of the lab in the build tree of `preset`. nullopt, too, if it does not
// compile, which is judged elsewhere. Internal if the tree does not know how to compile it: it must be built first.
absl::StatusOr<std::optional<std::string>> EvasionOf(const Project& project, std::string_view preset, const Lab& lab,
                                                     const std::stop_token& stop = {});

// Where the participant's variant polls (sleeps, yields or times out and looks again, or spins) in place of waiting, in
// one sentence. `sites` are the call sites that its tests reach. nullopt if it does not.
std::optional<std::string> PollingIn(const std::vector<CallSite>& sites, const FramesOfPlaces& frames,
                                     const std::filesystem::path& own);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_EVASION_H_
