#ifndef RACELAB_SANITIZERS_PARTICIPANT_PROBLEMS_H_
#define RACELAB_SANITIZERS_PARTICIPANT_PROBLEMS_H_

#include <string>
#include <vector>

#include "sanitizers/participant/attempt.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/report/exploration.h"
#include "sanitizers/report/report.h"

namespace racelab {

// The failure that a screen shows, and its exploration; null if no interleaving failed.
struct ShownFailure {
  const Exploration* exploration = nullptr;
  const InterleavingFailure* failure = nullptr;
};
ShownFailure MostTelling(const Attempt& attempt);

// A place in the participant's own code and what happens there, in the format that editors parse: "workspace/x/y.h:21:
// T1 reads left_ holding nothing".
struct Problem {
  std::string file;  // relative to the project
  int line = 0;
  std::string text;
};
std::vector<Problem> ProblemsOf(const Project& project, const InterleavingFailure& failure);
std::vector<Problem> ProblemsOf(const Project& project, const Report& report);

// Of what a screen shows: the compiler's errors, the most telling failure, or ThreadSanitizer's report.
std::vector<Problem> ProblemsOf(const Project& project, const Attempt& attempt);

// The problems for an editor's problem matcher: in the participant's own class, if it has any, and one line for each
// place, because VS Code keeps only the first problem at a place. These lines are not wrapped, indented or shortened,
// unlike those of the screen.
std::string ProblemsText(const Project& project, const Attempt& attempt);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_PROBLEMS_H_
