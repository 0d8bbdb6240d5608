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

// What the second runtime is to do.
struct InterleaveOptions {
  std::string runtime;                // the folder with libtsan.so.2 and its other names
  std::string search = "exhaustive";  // exhaustive, full, preemptions:N, random, pct, replay:SCHEDULE
  std::uint64_t seed = 1;
  int shard = 0, shards = 1;     // of a search that several processes share: which part is this one's
  std::uint64_t executions = 0;  // at most, of each scenario; 0: no limit
  double seconds = 0;            // likewise
  double deadline = 0;           // of the process, in seconds of CLOCK_MONOTONIC: its report is written; 0: none
  double idle_seconds = 0;       // that the tests may spend outside of their scenarios at a time; 0: no limit
  bool all = false;              // do not stop at the first failure
  bool spurious = true;          // wake-ups, and failures of weak compare-exchanges, without cause
  bool addresses = true;         // a freed block may be the next one to be handed out, and may not
  bool whole_program = false;    // explore main(), not the scenarios that a test asks for
  bool show_output = false;      // the program's, of every interleaving
  bool outcomes = false;         // count exit codes, instead of taking them for failures
  bool resolve = true;           // places to functions, files and lines, objects to variables
  size_t most_steps = 0;         // of the most telling failure only, these (telling_steps.h); 0: of each, all
  bool minimise = true;          // look for the failure with the fewest preemptions
  std::vector<std::string> known_races;  // "place*place" each: defects of a library (known_defects.h), which are none
};

// What a run under the second runtime showed, in values.
struct InterleaveResult {
  TestRun child;
  RuntimesEnd runtime = RuntimesEnd::kNone;
  std::string runtimes_words;  // why, if it ended the process
  std::vector<Exploration> explorations;
  std::string problem;  // why not all explorations could be read; empty if they could
};

// `report` is what the runtime wrote to its file.
InterleaveResult ReadInterleaveRun(const ChildResult& child, std::string_view report);

// What makes the dynamic loader and the runtime do that, for a program that is started by other means. `report` is the
// file to write to; empty: none.
std::vector<std::pair<std::string, std::string>> InterleaveEnvironment(const InterleaveOptions& options,
                                                                       const std::string& report);

// Runs a program that was built with -fsanitize=thread and linked to the shared runtime, under the second runtime.
InterleaveResult RunUnderInterleave(ChildSpec spec, const InterleaveOptions& options);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_INTERLEAVE_RUN_H_
