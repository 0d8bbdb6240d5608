#ifndef RACELAB_SANITIZERS_RACELAB_MUTATION_RUN_H_
#define RACELAB_SANITIZERS_RACELAB_MUTATION_RUN_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/mutants.h"
#include "sanitizers/report/exploration.h"
#include "sanitizers/verdict/interleave_run.h"
#include "sanitizers/verdict/judge_exploration.h"

namespace racelab {

enum class Fate {
  kKilled,     // a test failed
  kSurvived,   // all interleavings that were run hold
  kCannotTell  // the mutant does something that the runtime does not control, or does not compile
};

// What became of a mutant.
struct MutantResult {
  Mutant mutant;
  Fate fate = Fate::kCannotTell;
  std::string test;                               // that failed, or in which a thread can tell the difference
  std::string failure;                            // what failed there, in one line; or why nothing can be told
  std::string kind;                               // of this failure: "data race"
  std::uint64_t interleavings = 0;                // run until then; of a survivor: in all its tests
  std::uint64_t mutated = 0;                      // the number of those in which the mutant's site was reached
  bool tried_older_values = false;                // loads could return older values than the latest
  bool complete = true;                           // all interleavings of all tests were run
  std::optional<InterleavingFailure> difference;  // the shortest interleaving in which a thread could tell
};

// The tests of a program, which hold as it is written.
struct MutationPlan {
  ChildSpec spec;
  InterleaveOptions options;
  int jobs = 1;
};

// How the program behaves as it is written.
struct Original {
  std::vector<CallSite> sites;
  std::uint64_t most_interleavings = 0;            // of one scenario
  std::string failure;                             // why there is no point in mutating it; empty if there is
  Shortfall::Kind kind = Shortfall::Kind::kFails;  // of this failure
};
Original RunOriginal(const MutationPlan& plan);

// The program of a mutant whose source is changed, or why there is none.
using PrepareMutant = std::function<absl::StatusOr<std::string>(const Mutant&)>;

// Runs each mutant until it fails, or up to several times as many interleavings as the original has. `on_finished` is
// called from one thread at a time, with the number of finished mutants. Returns early if interrupted.
std::vector<MutantResult> RunMutants(const MutationPlan& plan, const Original& original, std::vector<Mutant> mutants,
                                     const PrepareMutant& prepare, const std::function<void(size_t)>& on_finished);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_MUTATION_RUN_H_
