#ifndef RACELAB_SANITIZERS_REPORT_REPORT_READER_H_
#define RACELAB_SANITIZERS_REPORT_REPORT_READER_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sanitizers/report/report.h"
#include "sanitizers/report/report_stream.h"

namespace racelab {

// Reads the same input as ParseThreadSanitizer(), but in pieces, as from a pipe. Emits each report as soon as it is
// known to be complete. Its memory is bounded by the reports that are open at the same time, not by the length of the
// input.
//
//   ReportReader reader([&](ReportEvent event) { … });
//   while (…) reader.Feed(piece);
//   reader.Finish();
class ReportReader {
 public:
  explicit ReportReader(std::function<void(ReportEvent)> on_event) : on_event_(std::move(on_event)) {}

  // Passes repeated reports to `on_repeat` instead of parsing them again, which is several times as fast.
  ReportReader(std::function<void(ReportEvent)> on_event, std::function<void(RepeatedReport)> on_repeat)
      : on_event_(std::move(on_event)), repeats_({std::move(on_repeat), {}}) {}

  ReportReader(const ReportReader&) = delete;  // the sources refer to it
  ReportReader& operator=(const ReportReader&) = delete;

  // A piece may end anywhere, even in the middle of a line.
  void Feed(std::string_view piece);

  // Ends the input; open reports become incomplete. Must be called last.
  void Finish();

 private:
  struct Source {
    std::string name;
    size_t indentation = 0;  // of all of its lines, as the headline shows
    ReportStream stream;
  };

  // Of whole lines, without escape sequences.
  void ReadLines(std::string_view text);
  void ReadLine(std::string_view line);
  Source& SourceOf(std::string_view name);
  Source* FindActive(std::string_view name);
  ReportStream::Emit EmitOf(const Source& source);

  std::function<void(ReportEvent)> on_event_;
  ReportStream::Repeats repeats_;
  std::vector<Source> sources_;  // those with something open
  size_t line_ = 0;              // the number of the last line
  std::string partial_;          // a line whose end has not been fed yet
  std::string without_escapes_;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_REPORT_READER_H_
