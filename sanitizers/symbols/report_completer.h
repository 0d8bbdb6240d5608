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

// Completes reports from machines without a symbolizer: "#0 <null> <null> (my_test+0xcd4)" gets its function, file and
// line, and "global '<null>' (my_test+0x40a0)" its name, if the same build of the program is available.
class ReportCompleter {
 public:
  // Looks for programs by path and, because reports usually contain only a name, by name below `root`.
  explicit ReportCompleter(std::string root) : root_(std::move(root)) {}

  // Whether the report lacks symbols that could be looked up if the program is available.
  static bool LacksSymbols(const Report& report);

  // Looks up everything that Completed() needs for these reports. This is much faster than looking up one report at a
  // time.
  void Prepare(absl::Span<const Report> reports);

  // Returns the report with the available symbols added; nullopt if there are none. An inlined call becomes a separate
  // frame.
  std::optional<Report> Completed(const Report& report);

  // Returns a sentence about each program that could not be used, or that may be a different build from the one that
  // reported.
  std::vector<std::string> Notes() const;

 private:
  struct Program {
    std::string path;  // empty if the program is not available
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
