#ifndef RACELAB_TESTS_SANITIZERS_REPORT_REPORT_PRINTER_H_
#define RACELAB_TESTS_SANITIZERS_REPORT_REPORT_PRINTER_H_

#include <string>

#include "sanitizers/report/report.h"

namespace racelab {

// The report as ThreadSanitizer prints it, with both rules. Made of the values, not of the descriptions and the text.
std::string PrintReport(const Report& report);

// Fills in what follows from the other values: the descriptions of the stacks, `location`, `text`, and `lines` for a
// report whose headline is in line `first_line`.
void Describe(Report& report, size_t first_line);

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_REPORT_REPORT_PRINTER_H_
