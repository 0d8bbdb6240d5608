#ifndef RACELAB_SANITIZERS_RACELAB_BUILD_H_
#define RACELAB_SANITIZERS_RACELAB_BUILD_H_

#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {

// The presets of CMakePresets.json that the commands use.
inline constexpr std::string_view kNativePreset = "native";

// The preset of the labs' tests for "clang" or "gcc"; for "", that of the preferred compiler on this machine.
std::string ThreadSanitizerPreset(std::string_view compiler);

// The compiler of such a preset: "clang" or "gcc".
std::string_view CompilerOf(std::string_view preset);

// The targets that could not be built, each with the compiler's messages.
using BuildFailures = std::map<std::string, std::string>;

// Brings `targets` up to date in the build tree of `preset`, configuring the tree first if it does not exist. If one
// target does not compile, the others are still built. Two builds of the same tree wait for each other.
//
// Returns the targets that failed. Internal, with the build's output, if nothing could be built at all (no CMake, a
// broken CMakeLists.txt, a full disk); Cancelled if it was interrupted, or stopped by `stop`.
absl::StatusOr<BuildFailures> Build(const Project& project, std::string_view preset,
                                    const std::vector<std::string>& targets, Progress& progress,
                                    const std::stop_token& stop = {});

// The commands that build a target itself, in order: compiling, then linking. Run them in the build tree, with a shell.
absl::StatusOr<std::vector<std::string>> CommandsOf(const Project& project, std::string_view preset,
                                                    const std::string& target);

// Brings the second runtime up to date; prints the error and exits if it cannot be built.
void BuildInterleaveRuntime(const Project& project, Progress& progress);

// The compiler's messages about a failed target, for the terminal: the first errors, at most `lines` lines. If the
// first error is in a library, the line of our own that led there comes first.
std::string FirstErrors(std::string_view output, int lines);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_BUILD_H_
