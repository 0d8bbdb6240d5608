#ifndef RACELAB_SANITIZERS_REPORT_REPORT_STREAM_H_
#define RACELAB_SANITIZERS_REPORT_REPORT_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "sanitizers/report/fatal_error.h"
#include "sanitizers/report/report.h"
#include "sanitizers/report/report_line.h"
#include "sanitizers/report/stable_hash.h"

namespace racelab {

// A report that differs from an earlier one in nothing but addresses, processes, threads and the like.
struct RepeatedReport {
  std::uint64_t signature = 0;  // Signature() of the earlier one
  int pid = 0;
  LineRange lines;
};

using ReportEvent = std::variant<Report, IncompleteReport, FatalError, Notice, MatchedSuppression>;

// Decides where reports begin and end in the lines of one source: a process, or several that share their output.
class ReportStream {
 public:
  using Emit = std::function<void(ReportEvent)>;

  // What is known about the reports so far, so that those that repeat need not be parsed again: the signature of each
  // sequence of lines.
  struct Repeats {
    std::function<void(RepeatedReport)> emit;
    std::unordered_map<std::uint64_t, std::uint64_t> signatures;
  };

  // If `repeats` is not nullptr, reports that repeat are passed to it instead.
  explicit ReportStream(Repeats* repeats) : repeats_(repeats) {}

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
  bool AddNotice(std::string_view line, size_t number, const Emit& emit);
  bool AddSuppression(std::string_view line, const Emit& emit);
  // The report that is open. It is parsed when it is complete.
  struct Opened {
    explicit Opened(const Headline& headline);

    std::string headline;
    int pid = 0;
    bool has_content = false;
    bool summarised = false;
    StableHash hash;  // of everything that makes it different from another
  };

  IncompleteReport Incomplete(const Opened& opened);
  Report Build(const Opened& opened) const;
  void EmitRival(const Emit& emit);
  void SayMixed();  // if there is a rival

  Repeats* repeats_;
  std::optional<Opened> report_;
  std::string text_;  // of the report or the fatal error
  LineRange lines_;
  size_t lines_since_headline_ = 0;
  size_t known_text_ = 0;  // how far the text goes that is known to be the report's

  // A rule has been read, but it may be the program's own, or that of the next report: what follows decides.
  bool held_ = false;

  // The report began while this one, of another process, was open: the lines may be mixed.
  std::optional<IncompleteReport> rival_;
  bool second_rule_ = false;  // in this case: another rule has been read, the rival's or that of the next report

  std::optional<FatalErrorBuilder> fatal_;

  std::uint64_t suppressed_hits_ = 0;  // of suppressions that are yet to be listed
  int suppressions_pid_ = 0;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_REPORT_STREAM_H_
