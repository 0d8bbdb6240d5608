#ifndef RACELAB_SANITIZERS_RACELAB_MUTATION_RUN_H_
#define RACELAB_SANITIZERS_RACELAB_MUTATION_RUN_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
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
  std::set<std::string> tests;                    // that were run; empty: all
  std::uint64_t interleavings = 0;                // run until then; of a survivor: in all its tests
  std::uint64_t mutated = 0;                      // the number of those in which the mutant's site was reached
  bool tried_older_values = false;                // loads could return older values than the latest
  std::string why_no_older_values;                // if they could not, although the mutant permits more of them
  bool complete = true;                           // all interleavings of all tests were run
  std::optional<InterleavingFailure> difference;  // the shortest interleaving in which a thread could tell
};

// Lets a number of threads go on at once.
class Slots {
 public:
  explicit Slots(int count) : free_(count) {}
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;

  void Take() {
    absl::MutexLock lock(&mutex_, absl::Condition(this, &Slots::IsFree));
    --free_;
  }
  void GiveBack() {
    absl::MutexLock lock(&mutex_);
    ++free_;
  }

 private:
  bool IsFree() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return free_ > 0; }

  absl::Mutex mutex_;
  int free_ ABSL_GUARDED_BY(mutex_);
};

// The tests of a program, which hold as it is written.
struct MutationPlan {
  ChildSpec spec;
  InterleaveOptions options;
  int jobs = 1;
  Slots* slots = nullptr;            // shared by all programs that are mutated at the same time; each run takes one
  bool trusts_tests = true;          // each test holds without those before it; if not, that is tried
  std::set<std::string> equivalent;  // mutants (Mutant::Name()) that nobody can tell from the original: tried briefly
};

// How the program behaves as it is written.
struct Original {
  std::vector<CallSite> sites;
  // The tests that explore something, and how many executions each takes. Empty if they cannot be run one by one.
  std::map<std::string, std::uint64_t> costs;
  std::set<std::string> unfinished;                // of these: may reach more than is known
  std::uint64_t most_interleavings = 0;            // of one scenario
  std::string failure;                             // why there is no point in mutating it; empty if there is
  Shortfall::Kind kind = Shortfall::Kind::kFails;  // of this failure
};
Original RunOriginal(const MutationPlan& plan);

// Makes `spec` run the program of a mutant whose source is changed, or tells why there is none.
using PrepareMutant = std::function<absl::Status(const Mutant&, ChildSpec& spec)>;

// Runs each mutant until it fails, or up to several times as many interleavings as the original has. A mutant of call
// sites is run in the tests that reach them: in no other can anything differ. `on_finished` is called from one thread
// at a time, with the number of finished mutants. Returns early if interrupted.
std::vector<MutantResult> RunMutants(const MutationPlan& plan, const Original& original, std::vector<Mutant> mutants,
                                     const PrepareMutant& prepare, const std::function<void(size_t)>& on_finished);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_MUTATION_RUN_H_
