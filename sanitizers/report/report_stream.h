#ifndef RACELAB_SANITIZERS_REPORT_REPORT_STREAM_H_
#define RACELAB_SANITIZERS_REPORT_REPORT_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sanitizers/report/fatal_error.h"
#include "sanitizers/report/report.h"
#include "sanitizers/report/report_builder.h"
#include "sanitizers/report/report_line.h"

namespace racelab {

using ReportEvent = std::variant<Report, IncompleteReport, FatalError, Notice, MatchedSuppression>;

// Decides where reports begin and end in the lines of one source: a process, or several that share their output.
class ReportStream {
 public:
  using Emit = std::function<void(ReportEvent)>;

  // A line without its end, and its number.
  void AddLine(std::string_view line, size_t number, const Emit& emit);

  // There are no more lines.
  void Finish(const Emit& emit);

  // Whether something is open, so that the next line may be part of it. Otherwise, only lines with the word
  // "ThreadSanitizer" matter.
  bool active() const { return report_.has_value() || fatal_.has_value() || suppressed_hits_ > 0; }

  // Whether a report has only just begun.
  bool expects_first_line() const { return report_.has_value() && lines_since_headline_ == 0; }

 private:
  void BeginReport(const Headline& headline, std::string_view line, size_t number, const Emit& emit);
  void AddToReport(std::string_view line, size_t number, const Emit& emit);
  void AddRule(size_t number, const Emit& emit);
  void EndReport(const Emit& emit);
  void CutReport(const Emit& emit);
  void EndFatal(const Emit& emit);
  void AddNotice(std::string_view line, size_t number, const Emit& emit);
  bool AddSuppression(std::string_view line, const Emit& emit);
  IncompleteReport Incomplete();

  std::optional<ReportBuilder> report_;
  std::string text_;  // of the report or the fatal error
  LineRange lines_;
  size_t lines_since_headline_ = 0;
  size_t known_text_ = 0;  // how far the text goes that is known to be the report's

  // A rule has been read, but it may be the program's own, or that of the next report: what follows decides.
  bool held_ = false;

  // The report began while this one, of another process, was open: the lines may be mixed.
  std::optional<IncompleteReport> rival_;

  std::optional<FatalErrorBuilder> fatal_;

  std::uint64_t suppressed_hits_ = 0;  // of suppressions that are yet to be listed
  int suppressions_pid_ = 0;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_REPORT_STREAM_H_
