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
#include <vector>

#include "sanitizers/report/fatal_error.h"
#include "sanitizers/report/report.h"
#include "sanitizers/report/report_line.h"
#include "sanitizers/report/stable_hash.h"

namespace racelab {

// A report that differs from an earlier one only in addresses, processes, threads and the like.
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

  // The signature of each sequence of lines read so far, so that repeated reports need not be parsed again.
  struct Repeats {
    std::function<void(RepeatedReport)> emit;
    std::unordered_map<std::uint64_t, std::uint64_t> signatures;
  };

  // If `repeats` is not nullptr, it receives repeated reports instead of `emit`.
  explicit ReportStream(Repeats* repeats) : repeats_(repeats) {}

  // `line` has no line end; `number` is its line number. If not `names_tool`, it lacks the word "ThreadSanitizer".
  void AddLine(std::string_view line, size_t number, bool names_tool, const Emit& emit);

  // Ends the input.
  void Finish(const Emit& emit);

  // Whether the next line may continue something. Otherwise, only lines with the word "ThreadSanitizer" matter.
  bool active() const { return report_.has_value() || fatal_.has_value() || suppressed_hits_ > 0; }

  // Whether a report has only just begun.
  bool expects_first_line() const { return report_.has_value() && lines_since_headline_ == 0; }

 private:
  void BeginReport(const Headline& headline, std::string_view line, size_t number, const Emit& emit);
  void AddToReport(std::string_view line, size_t number, const Emit& emit);
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
    StableHash hash;  // of everything that distinguishes reports
  };

  // A line that belongs to the report.
  struct KnownLine {
    LineKind kind;
    size_t begin, body, end;  // in text_
  };

  IncompleteReport Incomplete(const Opened& opened);
  Report Build(const Opened& opened) const;
  void EmitRival(const Emit& emit);
  void SayMixed();  // if there is a rival

  Repeats* repeats_;
  std::optional<Opened> report_;
  std::string text_;                    // of the report or the fatal error
  std::vector<KnownLine> known_lines_;  // of the report
  LineRange lines_;
  size_t lines_since_headline_ = 0;
  size_t known_text_ = 0;  // length of the text known to belong to the report

  // A rule was read that may belong to the report, the program or the next report; later lines decide.
  bool held_ = false;

  // The report began while this one, of another process, was open: the lines may be mixed.
  std::optional<IncompleteReport> rival_;
  bool second_rule_ = false;  // with a rival: another rule was read, either the rival's or the next report's

  std::optional<FatalErrorBuilder> fatal_;

  std::uint64_t suppressed_hits_ = 0;  // of suppressions not listed yet
  int suppressions_pid_ = 0;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_REPORT_STREAM_H_
