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

// A program to explore, with several processes and perhaps on several machines.
struct ExplorationPlan {
  std::vector<std::string> argv;
  std::string directory;      // the directory to run in; empty: ours
  std::string input;          // a file for the program to read as its standard input; empty: no input
  bool has_tests = false;     // a GoogleTest program that asks for its scenarios itself; else main() is the scenario
  InterleaveOptions options;  // except for `seconds` and `deadline`, which follow from the next member
  Deadline deadline;          // by which everything is over, including the processing of the reports
  int jobs = 1;               // processes at once
  int shard = 0, shards = 1;  // which of the machines this is, from 0, and how many there are
};

// Why a process could not explore, or a failure outside of every scenario.
struct ExplorationProblem {
  enum class Kind { kMisuse, kNoTest, kCannotTell, kFails };
  Kind kind = Kind::kCannotTell;
  std::string text;
};

struct ExplorationOutcome {
  std::vector<Exploration> explorations;  // one for each scenario; in a random search, one for each scenario and seed
  std::vector<ExplorationProblem> problems;
};

// Runs the plan. With a single machine, each scenario first gets a process of its own and a few seconds. Only the
// scenarios that are unfinished after this are split among all processes, each of which has to repeat the way to its
// part. The remaining time is divided among the remaining scenarios, one after the other, so that the next ones get the
// time that one does not need. `options.executions` bounds the sum over all processes.
ExplorationOutcome RunExplorations(const ExplorationPlan& plan, Progress& progress);

// The number of `executions` that part `index` of `count` may run. 0 means that none are left for this part, not that
// there is no limit.
std::uint64_t ShareOfExecutions(std::uint64_t executions, int index, int count);

// The part of the remaining time that the next of `scenarios` scenarios gets, if they run one after the other.
double ShareOfTime(const Deadline& deadline, size_t scenarios);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_EXPLORATION_RUN_H_
