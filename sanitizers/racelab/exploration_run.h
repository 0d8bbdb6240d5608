#ifndef RACELAB_SANITIZERS_RACELAB_EXPLORATION_RUN_H_
#define RACELAB_SANITIZERS_RACELAB_EXPLORATION_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sanitizers/process/deadline.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/report/certainty.h"
#include "sanitizers/report/exploration.h"
#include "sanitizers/verdict/interleave_run.h"

namespace racelab {

// A program that is to be explored by several processes, and perhaps by several machines.
struct ExplorationPlan {
  std::vector<std::string> argv;
  std::string directory;      // to run in; empty: ours
  std::string input;          // A file that the program reads as its standard input; empty: there is none.
  bool has_tests = false;     // a GoogleTest program that asks for its scenarios itself; else main() is the scenario
  InterleaveOptions options;  // but for `seconds` and `deadline`, which follow from the next
  Deadline deadline;          // by which all is over, what is done with the reports included
  int jobs = 1;               // processes at once
  int shard = 0, shards = 1;  // which machine this is, from 0, and how many there are
};

// What kept a process from exploring, or failed outside of every scenario.
struct ExplorationProblem {
  enum class Kind { kMisuse, kNoTest, kCannotTell, kFails };
  Kind kind = Kind::kCannotTell;
  std::string text;
};

struct ExplorationOutcome {
  std::vector<Exploration> explorations;  // each scenario once; of a random search, once for each seed
  std::vector<ExplorationProblem> problems;
};

// Runs the plan. Where there is one machine only, each scenario first gets a process to itself and a few seconds; only
// what is not over by then is split among all processes, each of which has to find the way to its part. What time is
// left is shared out among the scenarios that are left, one after the other, so that what one does not need the next
// ones have. `options.executions` bounds the sum over all processes.
ExplorationOutcome RunExplorations(const ExplorationPlan& plan, Progress& progress);

// How many of `executions` the part `index` of `count` may run; 0, which would be no limit, if there are none for it.
std::uint64_t ShareOfExecutions(std::uint64_t executions, int index, int count);

// How much of the time that is left one scenario gets, of so many that come after each other.
double ShareOfTime(const Deadline& deadline, size_t scenarios);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_EXPLORATION_RUN_H_
