#ifndef RACELAB_SANITIZERS_SYMBOLS_REPORT_COMPLETER_H_
#define RACELAB_SANITIZERS_SYMBOLS_REPORT_COMPLETER_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// Completes reports that were made where ThreadSanitizer found no symbolizer: "#0 <null> <null> (my_test+0xcd4)" gets
// its function, file and line, if the very program is at hand.
class ReportCompleter {
 public:
  // Programs are looked up by their path and, since the usual report has only the name, by this name below `root`.
  explicit ReportCompleter(std::string root) : root_(std::move(root)) {}

  // The report with what could be added; nullopt if nothing could. A call that was inlined becomes a frame of its own.
  std::optional<Report> Completed(const Report& report);

  // A sentence on each program that could not be used, or of which nobody knows whether it is the one that reported.
  std::vector<std::string> Notes() const;

 private:
  struct Program {
    std::string path;  // empty if it is not at hand
    std::string note;
  };
  const Program& ProgramOf(const Frame& frame);

  std::string root_;
  std::map<std::pair<std::string, std::string>, Program> programs_;  // by module and build id
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_REPORT_COMPLETER_H_
