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

// The mutants that the second runtime cannot make, because nothing is called where they differ, or what is called is
// part of the program: waits that are not repeated (wait-once), calls that are left out (skip-call), channels of
// another capacity (capacity-one, unbounded), threads that are declared, and so started, before the other members
// (start-early). `text` is C++ as it is written in the labs; what is not recognised is not mutated.
struct SourceMutants {
  std::vector<Mutant> mutants;
  // The text with many of them in it, because each program takes a second to compile: the environment variable
  // kAlternative says which one it is. Empty if there are fewer than two.
  std::string together;
};
SourceMutants SourceMutantsOf(std::string_view text, const std::string& file);
inline constexpr std::string_view kAlternative = "RACELAB_MUTANT";

// `text` with blanks in place of comments and of what is in quotes.
std::string WithoutComments(std::string_view text);

// Compiles and links the tests of a variant with `text` in place of the variant's header, in `folder`. Returns the
// program. FailedPrecondition, with the compiler's first error, if it does not compile.
absl::StatusOr<std::string> BuildWithHeader(const Project& project, std::string_view preset, const Lab& lab,
                                            const std::string& variant, const std::string& text,
                                            const std::filesystem::path& folder);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_SOURCE_MUTANTS_H_
