#ifndef RACELAB_SANITIZERS_SYMBOLS_REPORT_COMPLETER_H_
#define RACELAB_SANITIZERS_SYMBOLS_REPORT_COMPLETER_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "sanitizers/report/report.h"
#include "sanitizers/symbols/symbolizer.h"

namespace racelab {

// Completes reports that were made where ThreadSanitizer found no symbolizer: "#0 <null> <null> (my_test+0xcd4)" gets
// its function, file and line, and "global '<null>' (my_test+0x40a0)" its name, if the very program is at hand.
class ReportCompleter {
 public:
  // Programs are looked up by their path and, since the usual report has only the name, by this name below `root`.
  explicit ReportCompleter(std::string root) : root_(std::move(root)) {}

  // Whether something in the report could be looked up if the program is at hand.
  static bool LacksSymbols(const Report& report);

  // Looks up all that Completed() will need for these reports. This is much faster than one report after the other.
  void Prepare(absl::Span<const Report> reports);

  // The report with what could be added; nullopt if nothing could. A call that was inlined becomes a frame of its own.
  std::optional<Report> Completed(const Report& report);

  // A sentence on each program that could not be used, or of which nobody knows whether it is the one that reported.
  std::vector<std::string> Notes() const;

 private:
  struct Program {
    std::string path;  // empty if it is not at hand
    std::string note;
  };
  const Program& ProgramOf(const std::string& name, const std::string& build_id);
  std::optional<Question> QuestionOf(const Frame& frame);
  std::optional<Question> QuestionOf(const ReportedLocation& location, const Report& report);

  std::string root_;
  Answers answers_;
  std::map<std::pair<std::string, std::string>, Program> programs_;  // by module and build id
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_REPORT_COMPLETER_H_
