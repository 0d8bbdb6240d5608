#include "sanitizers/gate/report_logs.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "sanitizers/gate/collector.h"
#include "sanitizers/racelab/require.h"

namespace racelab {

void ReportLogs(const std::vector<std::string>& logs, GateOptions options) {
  CheckGateOptions(options);
  Collector collector(options.root);
  for (const std::string& log : logs) {
    if (const absl::Status read = collector.ReadLog(log); !read.ok()) {
      ReportError(read);
      Exit(kMisuse);
    }
  }
  Findings findings;
  findings.command = absl::StrJoin(logs, " ");
  findings.notes = collector.Notes();
  findings.checks = collector.Checks();
  findings.all = collector.TakeFindings();
  const bool cannot_tell = collector.CannotTell();
  findings.cannot_tell = cannot_tell;
  if (const ExitCode code = PassGate(options, std::move(findings)); code != kRight) Exit(code);
  if (collector.LeavesOut()) Exit(kWrong);
  if (cannot_tell) Exit(kCannotTell);
}

}  // namespace racelab
