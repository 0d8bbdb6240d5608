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

// The failure that a screen shows, and its exploration; null if no interleaving failed.
struct ShownFailure {
  const Exploration* exploration = nullptr;
  const InterleavingFailure* failure = nullptr;
};
ShownFailure MostTelling(const Attempt& attempt);

// The text with the project's folder removed from paths: readers know where the project is.
std::string InShort(const Project& project, std::string_view text);

// "Voucher pays with the same money only once", for the test Voucher.PaysWithTheSameMoneyOnlyOnce.
std::string PromiseOf(std::string_view test);

// A place in the participant's own code and what happens there, in the format that editors parse: "workspace/x/y.h:21:
// T1 reads left_ holding nothing".
struct Problem {
  std::string file;  // relative to the project
  int line = 0;
  std::string text;
};
std::vector<Problem> ProblemsOf(const Project& project, const Attempt& attempt);

// The problems for an editor's problem matcher: in the participant's own class, if it has any, and one line for each
// place, because VS Code keeps only the first problem at a place. These lines are not wrapped, indented or shortened,
// unlike those of the screen.
std::string ProblemsText(const Project& project, const Attempt& attempt);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_SCREENS_H_
