#ifndef RACELAB_SANITIZERS_REPORT_CERTAINTY_H_
#define RACELAB_SANITIZERS_REPORT_CERTAINTY_H_

#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/exploration.h"

namespace racelab {

// What is known of a program after its exploration.
enum class Certainty {
  kHolds,       // nothing failed in what was run
  kCannotTell,  // it does what the runtime does not control, or a limit of the runtime came first
  kFails        // the program is wrong
};

// "holds", "cannot tell", "fails".
std::string_view Name(Certainty certainty);

// Whether failures of this kind are of the runtime: they say nothing about the program.
bool IsOfTheRuntime(std::string_view kind);

// What one failure says; a known defect that is formal only says nothing.
Certainty CertaintyOf(const InterleavingFailure& failure);

// A failure of the program weighs more than what cannot be told. Where no interleaving was run, nothing can be told.
Certainty CertaintyOf(const Exploration& exploration);

// Puts the most telling failure first. An abort says what goes wrong and a data race why; an exit code says the least.
void SortByTelling(std::vector<InterleavingFailure>& failures);

// Whether `a` is to be told before `b`.
bool TellsMore(const InterleavingFailure& a, const InterleavingFailure& b);

// The data race of `failures` that `failure` is most likely the consequence of; null if it is a race itself, or nothing
// points to one.
const InterleavingFailure* RaceBehind(const InterleavingFailure& failure,
                                      const std::vector<InterleavingFailure>& failures);

// What a success does not say, a line each: "the program uses memory orders weaker than ...".
std::vector<std::string> LeftOut(const Exploration& exploration);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_CERTAINTY_H_
