#ifndef RACELAB_SANITIZERS_GATE_REPORT_LOGS_H_
#define RACELAB_SANITIZERS_GATE_REPORT_LOGS_H_

#include <string>
#include <vector>

#include "sanitizers/gate/gate.h"

namespace racelab {

// racelab report LOG…: explains the reports in existing logs; "-" is standard input. Ends the subcommand with kWrong if
// the gate fails.
void ReportLogs(const std::vector<std::string>& logs, GateOptions options);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_REPORT_LOGS_H_
