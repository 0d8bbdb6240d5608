#ifndef RACELAB_SANITIZERS_REPORT_CERTAINTY_H_
#define RACELAB_SANITIZERS_REPORT_CERTAINTY_H_

#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/exploration.h"

namespace racelab {

// What an exploration proves about a program.
enum class Certainty {
  kHolds,       // nothing failed in the interleavings that were run
  kCannotTell,  // the program does something that the runtime does not control, or the runtime reached a limit first
  kFails        // the program is wrong
};

// "holds", "cannot tell", "fails".
std::string_view Name(Certainty certainty);

// Whether failures of this kind concern only the runtime and say nothing about the program.
bool IsOfTheRuntime(std::string_view kind);

// The certainty that one failure gives. A known defect that is only formal says nothing.
Certainty CertaintyOf(const InterleavingFailure& failure);

// kFails if the program failed, whatever else is unknown. kCannotTell if no interleaving was run.
Certainty CertaintyOf(const Exploration& exploration);

// Puts the most telling failure first. An abort shows what goes wrong, a data race shows why, and an exit code shows
// the least.
void SortByTelling(std::vector<InterleavingFailure>& failures);

// Whether `a` comes before `b` in that order.
bool TellsMore(const InterleavingFailure& a, const InterleavingFailure& b);

// Whether the step accesses the memory in which the accesses of the race meet.
bool Touches(const InterleavingStep& step, const InterleavingFailure& race);

// The data race in `failures` that most likely caused `failure`; null if `failure` is a race itself, or if nothing
// points to a race.
const InterleavingFailure* RaceBehind(const InterleavingFailure& failure,
                                      const std::vector<InterleavingFailure>& failures);

// What a success does not cover, one line each: "the program uses memory orders weaker than ...".
std::vector<std::string> LeftOut(const Exploration& exploration);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_CERTAINTY_H_
