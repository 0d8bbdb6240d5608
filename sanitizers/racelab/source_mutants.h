#ifndef RACELAB_SANITIZERS_RACELAB_SOURCE_MUTANTS_H_
#define RACELAB_SANITIZERS_RACELAB_SOURCE_MUTANTS_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/mutants.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// The mutants that the second runtime cannot make, because no call happens where they differ, or the called function is
// part of the program: waits that are not repeated (wait-once), omitted calls (skip-call), channels of another capacity
// (capacity-one, unbounded), threads that are declared, and thus started, before the other members (start-early).
// `text` is C++ in the style of the labs; unrecognised code is not mutated.
struct SourceMutants {
  std::vector<Mutant> mutants;
  // The text with many of the mutants in it, because each program takes a second to compile. The environment variable
  // kAlternative selects one. Empty if there are fewer than two.
  std::string together;
};
SourceMutants SourceMutantsOf(std::string_view text, const std::string& file);
inline constexpr std::string_view kAlternative = "RACELAB_MUTANT";

// `text` with comments and the contents of quotes replaced by blanks.
std::string WithoutComments(std::string_view text);

// Compiles and links the tests of a variant in `folder`, with `text` in place of the variant's header. Returns the
// program. FailedPrecondition, with the compiler's first error, if it does not compile.
absl::StatusOr<std::string> BuildWithHeader(const Project& project, std::string_view preset, const Lab& lab,
                                            const std::string& variant, const std::string& text,
                                            const std::filesystem::path& folder);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_SOURCE_MUTANTS_H_
