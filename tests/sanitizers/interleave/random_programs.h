#ifndef RACELAB_TESTS_SANITIZERS_INTERLEAVE_RANDOM_PROGRAMS_H_
#define RACELAB_TESTS_SANITIZERS_INTERLEAVE_RANDOM_PROGRAMS_H_

// Random programs in the language of random_operations.h, and a comparison of the findings of the runtime and of the
// reference interpreter.

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "sanitizers/verdict/interleave_run.h"
#include "tests/sanitizers/interleave/reference.h"

namespace racelab {

using RandomProgram = std::vector<std::string>;  // One argument per thread.

// Two to four threads with a few operations each, from one or two of the `groups` of operations; from any group but
// "loops" if `groups` names none. "-try" excludes all operations that begin with "try".
rc::Gen<RandomProgram> RandomPrograms(const std::vector<std::string>& groups = {});

// As command-line arguments.
std::string Quoted(const RandomProgram& program);

struct Comparison {
  bool compared = false;   // False if one of the two cannot explore everything.
  bool collapsed = false;  // The runtime took repeated reads for a spin loop, so it may miss something.
  std::vector<std::string> differences;
  ReferenceFindings reference;
  std::uint64_t executions = 0;
};

// Explores `program` with the executable random_program, in as many parts as if several processes shared the search.
Comparison CompareWithReference(const RandomProgram& program, const std::string& executable, InterleaveOptions options,
                                const ReferenceOptions& reference_options = {});

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_INTERLEAVE_RANDOM_PROGRAMS_H_
