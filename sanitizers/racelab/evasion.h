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

// Finds code in a participant's variant that makes a detector's silence meaningless: code excluded from the sanitizer,
// inline assembly, calls of the sanitizer's functions, an included solution. Returns one sentence for the participant,
// with file and line; nullopt if there is none.
//
// `preprocessed` is the compiler's output for -E, so that a macro hides nothing. `own` is the participant's folder.
std::optional<std::string> FindEvasion(std::string_view preprocessed, const std::filesystem::path& own,
                                       const Project& project);

// Applies FindEvasion() to the participant's variant of the lab in the build tree of `preset`. Also nullopt if the
// variant does not compile, which is judged elsewhere. Internal if the tree has no command to compile it: build it
// first.
absl::StatusOr<std::optional<std::string>> EvasionOf(const Project& project, std::string_view preset, const Lab& lab,
                                                     const std::stop_token& stop = {});

// Where the participant's variant polls (sleeps, yields or times out and checks again, or spins) instead of waiting, in
// one sentence; nullopt if it does not. `sites` are the call sites that its tests reach.
std::optional<std::string> PollingIn(const std::vector<CallSite>& sites, const FramesOfPlaces& frames,
                                     const std::filesystem::path& own);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_EVASION_H_
