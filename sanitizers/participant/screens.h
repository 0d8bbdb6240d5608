#ifndef RACELAB_SANITIZERS_PARTICIPANT_SCREENS_H_
#define RACELAB_SANITIZERS_PARTICIPANT_SCREENS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/participant/attempt.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/report/exploration.h"

namespace racelab {

// What a participant sees after an attempt, on one screen: the smallest demonstration of what is wrong, and one command
// as the next step. At most `size.lines` - 1 lines: the last one is for the prompt. `why_follows`: a WhyScreen, which
// ends with that command, is printed below.
std::string AttemptScreen(const Project& project, const Attempt& attempt, const ScreenSize& size,
                          bool why_follows = false);

// Why an attempt does not count as a repair: an interleaving, a report or a failed test; in at most `room` lines.
std::string RefutationText(const Project& project, const Attempt& attempt, size_t room, int columns);

// What the verdict "clean" covers, and what it does not.
std::string ProofText(const Attempt& attempt, int columns);

// The bug's name, its public identifiers in words, and why.md: for a lab that has just been solved.
std::string WhyScreen(const Project& project, const std::vector<Lab>& labs, const Lab& lab, const ScreenSize& size);

// "Voucher pays with the same money only once", for the test Voucher.PaysWithTheSameMoneyOnlyOnce.
std::string PromiseOf(std::string_view test);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_SCREENS_H_
