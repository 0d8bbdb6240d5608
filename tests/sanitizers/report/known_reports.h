#ifndef RACELAB_TESTS_SANITIZERS_REPORT_KNOWN_REPORTS_H_
#define RACELAB_TESTS_SANITIZERS_REPORT_KNOWN_REPORTS_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// What is known about the report of a mode of tests/sanitizers/corpus/every_kind.cc, whoever compiled it.
struct KnownReport {
  std::string mode;
  ReportKind kind;
  std::vector<std::string> sites;  // "*": a lambda, whose name is the compiler's
  std::function<void(const Report&)> check;
  std::string options = "";  // TSAN_OPTIONS
};
const std::vector<KnownReport>& KnownReports();

// The same of a fatal error.
struct KnownFatal {
  std::string mode;
  FatalKind kind;
  std::string signal;
  std::string access;
  std::string function;  // one of the stack's
  std::string summary;   // how it begins
  std::string options = "";
};
const std::vector<KnownFatal>& KnownFatals();

// Expect the report or the fatal error in `text`, which a program of this compiler has printed: "clang-19", "g++".
void CheckReport(std::string_view compiler, const KnownReport& known, const std::string& text);
void CheckFatal(std::string_view compiler, const KnownFatal& known, const std::string& text);

// The report's accesses without their addresses and stacks: "previous atomic write 8 by 1 +read".
std::vector<std::string> Accesses(const Report& report);

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_REPORT_KNOWN_REPORTS_H_
