#ifndef RACELAB_SANITIZERS_RACELAB_BUILD_H_
#define RACELAB_SANITIZERS_RACELAB_BUILD_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {

// The presets of CMakePresets.json that the commands build in.
inline constexpr std::string_view kNativePreset = "native";

// The preset of the labs' tests for "clang" or "gcc"; for "" the preferred one that this machine has.
std::string ThreadSanitizerPreset(std::string_view compiler);

// Which of the targets could not be built, and the compiler's words on each.
using BuildFailures = std::map<std::string, std::string>;

// Brings `targets` up to date in the build tree of `preset`, which is configured first where it does not exist yet. A
// target that does not compile does not keep the others from being built. Two builds of one tree wait for each other.
//
// Returns the targets that failed. Internal if nothing could be built at all (no CMake, a broken CMakeLists.txt, a full
// disk), with what the build said; Cancelled if it was interrupted.
absl::StatusOr<BuildFailures> Build(const Project& project, std::string_view preset,
                                    const std::vector<std::string>& targets, Progress& progress);

// Brings the second runtime up to date; says what is wrong and exits if it cannot be built.
void BuildInterleaveRuntime(const Project& project, Progress& progress);

// The compiler's words on a failed target, for the terminal: the first errors, at most `lines` lines.
std::string FirstErrors(std::string_view output, int lines);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_BUILD_H_
