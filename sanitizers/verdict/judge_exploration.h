#ifndef RACELAB_SANITIZERS_VERDICT_JUDGE_EXPLORATION_H_
#define RACELAB_SANITIZERS_VERDICT_JUDGE_EXPLORATION_H_

#include <string>
#include <vector>

#include "sanitizers/verdict/interleave_run.h"
#include "sanitizers/verdict/judge.h"

namespace racelab {

// The failure that a lab declares for its interleavings: of this kind, and with each of these classes or functions (as
// in ExpectedReport) on one of its stacks.
struct ExpectedFailure {
  std::string kind;  // a kind that IsFailureKind() knows; "none": the lab's tests hold in every interleaving
  std::vector<std::string> in;
};

// Judges the second runtime's results for a GoogleTest program. `expected` is what the lab declares, or null for a fix,
// which must hold in every interleaving that was run. A lab is exposed if one of its scenarios fails as declared; other
// failures may be the consequence of the bug.
Judgement JudgeExplorations(const InterleaveResult& result, const ExpectedFailure* expected);

// A problem of an exploring process, besides the failures in its explorations.
struct Shortfall {
  enum class Kind {
    kNone,
    kIdle,        // it was given no test to run
    kMisuse,      // it could not be started
    kCutOff,      // it was ended, or reached a limit
    kCannotTell,  // the runtime gave up or broke, the tests hung, the report is broken, nothing was explored
    kFails        // a test failed outside of every scenario
  };
  Kind kind = Kind::kNone;
  std::string reason;
};
Shortfall ShortfallOf(const InterleaveResult& result);

bool Matches(const InterleavingFailure& failure, const ExpectedFailure& expected);

// "deadlock: Bank::Transfer"; the place is the innermost function of the program under test, if there is one.
std::string Summarize(const InterleavingFailure& failure);

// The failure's message in one line, for a human reader: "T1 waits for a mutex that T2 holds in Bank::Transfer
// (bank.h:44); ...". Never empty; begins with the kind.
std::string Explain(const InterleavingFailure& failure);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_JUDGE_EXPLORATION_H_
