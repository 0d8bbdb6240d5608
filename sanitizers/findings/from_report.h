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

// Each of these functions converts a tool's result into a finding. `root` is the folder of the sources.

Finding FindingOf(const Report& report, const std::string& root);

Finding FindingOf(const IncompleteReport& report);

// Makes a finding for reports that were announced but not seen.
Finding LostReports(std::string message);

Finding FindingOf(const FatalError& error, const std::string& root);

// Makes a finding for a process whose threads can never continue. `stacks` has the stacks of all its threads, or is
// empty.
Finding HangOf(const StuckProcess& stuck, const std::vector<LiveStack>& stacks, const std::string& program,
               const std::string& root);

// `replay` is the command that replays the interleaving; it may be empty.
Finding FindingOf(const InterleavingFailure& failure, const std::string& scenario, const std::string& replay,
                  const std::string& root);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FINDINGS_FROM_REPORT_H_
