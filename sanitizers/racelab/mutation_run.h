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

// The result for one mutant.
struct MutantResult {
  Mutant mutant;
  Fate fate = Fate::kCannotTell;
  std::string test;                               // the one that failed, or in which a thread can tell the difference
  std::string failure;                            // what failed there, in one line; or why the outcome is unknown
  std::string kind;                               // of this failure: "data race"
  std::set<std::string> tests;                    // the tests that were run; empty: all
  std::uint64_t interleavings = 0;                // run before the outcome was known; for a survivor: in all its tests
  std::uint64_t mutated = 0;                      // the number of those in which the mutant's site was reached
  bool tried_older_values = false;                // loads could return older values
  std::string why_no_older_values;                // why they could not, although the mutant permits more older values
  bool complete = true;                           // all interleavings of all tests were run
  std::optional<InterleavingFailure> difference;  // the shortest interleaving in which a thread could tell
};

// Limits how many threads proceed at once.
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

// The tests of a program, all of which hold for the original.
struct MutationPlan {
  ChildSpec spec;
  InterleaveOptions options;
  int jobs = 1;
  Slots* slots = nullptr;            // shared by all programs that are mutated at the same time; each run takes one
  bool trusts_tests = true;          // each test holds without the tests before it; otherwise this is checked
  std::set<std::string> equivalent;  // mutants (Mutant::Name()) indistinguishable from the original: tried briefly
};

// How the original program behaves.
struct Original {
  std::vector<CallSite> sites;
  // The tests that explore something, and how many executions each takes. Empty if they cannot be run one by one.
  std::map<std::string, std::uint64_t> costs;
  std::set<std::string> unfinished;                // those tests that may reach more than is known
  std::uint64_t most_interleavings = 0;            // the largest number for one scenario
  std::string failure;                             // why mutating it makes no sense; empty if it does
  Shortfall::Kind kind = Shortfall::Kind::kFails;  // of this failure
};
Original RunOriginal(const MutationPlan& plan);

// Sets up `spec` to run a mutant's program built from changed source, or returns why there is none.
using PrepareMutant = std::function<absl::Status(const Mutant&, ChildSpec& spec)>;

// Runs each mutant until it fails, or for up to several times as many interleavings as the original has. A mutant of
// call sites runs only in the tests that reach them, because no other test can differ. `on_finished` is called from one
// thread at a time, with the number of finished mutants. Returns early if interrupted.
std::vector<MutantResult> RunMutants(const MutationPlan& plan, const Original& original, std::vector<Mutant> mutants,
                                     const PrepareMutant& prepare, const std::function<void(size_t)>& on_finished);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_MUTATION_RUN_H_
