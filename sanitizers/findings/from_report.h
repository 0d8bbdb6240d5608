#ifndef RACELAB_SANITIZERS_FINDINGS_FROM_REPORT_H_
#define RACELAB_SANITIZERS_FINDINGS_FROM_REPORT_H_

#include <string>
#include <vector>

#include "sanitizers/findings/finding.h"
#include "sanitizers/process/child.h"
#include "sanitizers/report/exploration.h"
#include "sanitizers/report/report.h"
#include "sanitizers/symbols/live_stacks.h"

namespace racelab {

// Each of these makes a finding of what a tool found. `root` is the folder of the sources.

Finding FindingOf(const Report& report, const std::string& root);

Finding FindingOf(const IncompleteReport& report);

// Of reports that are known to exist, but that nobody has seen.
Finding LostReports(std::string message);

Finding FindingOf(const FatalError& error, const std::string& root);

// Of a process whose threads can never go on: `stacks` are those of all of its threads, and may be missing.
Finding HangOf(const StuckProcess& stuck, const std::vector<LiveStack>& stacks, const std::string& program,
               const std::string& root);

// `replay` is the command that shows the interleaving again; it may be empty.
Finding FindingOf(const InterleavingFailure& failure, const std::string& scenario, const std::string& replay,
                  const std::string& root);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FINDINGS_FROM_REPORT_H_
