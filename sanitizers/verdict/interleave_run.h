#ifndef RACELAB_SANITIZERS_VERDICT_INTERLEAVE_RUN_H_
#define RACELAB_SANITIZERS_VERDICT_INTERLEAVE_RUN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sanitizers/process/child.h"
#include "sanitizers/report/exploration.h"
#include "sanitizers/verdict/test_run.h"

namespace racelab {

// The settings of a run under the second runtime.
struct InterleaveOptions {
  std::string runtime;                // the folder that contains libtsan.so.2, also under its other names
  std::string search = "exhaustive";  // exhaustive, full, preemptions:N, random, pct, replay:SCHEDULE
  std::uint64_t seed = 1;
  int shard = 0, shards = 1;     // this process's part of a search that several processes share
  std::uint64_t executions = 0;  // at most this many, for each scenario; 0: no limit
  double seconds = 0;            // at most this long, for each scenario; 0: no limit
  double total_seconds = 0;  // once all scenarios together have taken so long, each has a tenth of `seconds`; 0: never
  double deadline = 0;       // in seconds of CLOCK_MONOTONIC: the process writes its report by then; 0: none
  double idle_seconds = 0;   // limit on continuous time that tests spend outside of scenarios; 0: no limit
  bool all = false;          // do not stop at the first failure
  bool spurious = true;      // spurious wake-ups and failures of weak compare-exchanges
  bool addresses = true;     // try both: reuse a freed block immediately, or not
  bool whole_program = false;  // explore main(), not the scenarios that a test asks for
  bool show_output = false;    // print the program's output, for every interleaving
  bool pause = false;          // of a replay: end where the schedule ends and several threads could continue
  bool outcomes = false;       // count exit codes instead of treating them as failures
  bool resolve = true;         // resolve places to functions, files and lines, and objects to variables
  size_t most_steps = 0;  // steps kept, of the most telling failure only (telling_steps.h); 0: all, of every failure
  size_t most_steps_in_all = 2'000;  // steps kept, of all failures together (telling_steps.h); 0: all
  bool minimise = true;              // look for the failure with the fewest preemptions
  bool first = false;                // the first failure of any kind ends the search
  bool sites = false;                // report the call sites at which the program could be mutated
  std::string mutation;              // "MUTATOR:ID+ID...": mutate the program there; empty: no mutation
  int older_values = 0;  // this many loads of an execution may return an older value, if their order permits it
  std::vector<std::string> known_races;  // "place*place" each: a library's known defects (known_defects.h), no failures
};

// The results of a run under the second runtime, as values.
struct InterleaveResult {
  TestRun child;
  RuntimesEnd runtime = RuntimesEnd::kNone;
  std::string runtimes_words;  // why the runtime ended the process, if it did
  std::vector<Exploration> explorations;
  std::string problem;  // why not all explorations could be read; empty if they could

  // Whether the program ended by itself and its report is complete.
  bool HasEnded() const { return child.end == ChildEnd::kExited && runtime == RuntimesEnd::kNone && problem.empty(); }
};

// `report` is the content of the file that the runtime wrote.
InterleaveResult ReadInterleaveRun(const ChildResult& child, std::string_view report);

// Returns the environment variables that apply `options` to a program started by other means. The runtime writes to the
// file `report`; empty: it writes no report.
std::vector<std::pair<std::string, std::string>> InterleaveEnvironment(const InterleaveOptions& options,
                                                                       const std::string& report);

// Completes a run made with `resolve` switched off: replaces its places by functions, files and lines, and its objects
// by variables. Returns the formal defects of libraries that the run found, as `known_races`: without these, its
// searches would have continued.
std::vector<std::string> ResolveRun(InterleaveResult& run, const InterleaveOptions& options,
                                    const std::string& directory);

// Runs a program that was built with -fsanitize=thread and linked to the shared runtime, under the second runtime.
InterleaveResult RunUnderInterleave(ChildSpec spec, const InterleaveOptions& options);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_INTERLEAVE_RUN_H_
