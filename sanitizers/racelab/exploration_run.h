#ifndef RACELAB_SANITIZERS_RACELAB_EXPLORATION_RUN_H_
#define RACELAB_SANITIZERS_RACELAB_EXPLORATION_RUN_H_

#include <string>
#include <vector>

#include "sanitizers/racelab/terminal.h"
#include "sanitizers/report/exploration.h"
#include "sanitizers/verdict/interleave_run.h"

namespace racelab {

// A program that is to be explored by several processes, and perhaps by several machines.
struct ExplorationPlan {
  std::vector<std::string> argv;
  std::string directory;      // to run in; empty: ours
  std::string input;          // A file that the program reads as its standard input; empty: there is none.
  bool has_tests = false;     // a GoogleTest program that asks for its scenarios itself; else main() is the scenario
  InterleaveOptions options;  // `seconds` is for each scenario
  int jobs = 1;               // processes at once
  int shard = 0, shards = 1;  // which machine this is, from 0, and how many there are
};

struct ExplorationOutcome {
  std::vector<Exploration> explorations;  // each scenario once; of a random search, once for each seed
  std::vector<std::string> problems;      // what kept a process from exploring, or failed outside of every scenario
};

// Runs the plan. Where there is one machine only, each scenario first gets a process to itself and a few seconds; only
// what is not over by then is split among all processes, each of which has to find the way to its part.
ExplorationOutcome RunExplorations(const ExplorationPlan& plan, Progress& progress);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_EXPLORATION_RUN_H_
