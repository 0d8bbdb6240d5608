#include "sanitizers/report/report_stream.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "sanitizers/report/scanner.h"

namespace racelab {
namespace {

// So much foreign text inside a report, or below a fatal error, means that its end is missing.
constexpr size_t kMostForeignText = size_t{1} << 20;
constexpr size_t kMostForeignTextBelowFatal = size_t{1} << 14;

// Whether a line shows that the report goes on.
bool IsPartOfReport(LineKind kind) { return kind != LineKind::kForeign && kind != LineKind::kRule; }

// Errors below which ThreadSanitizer prints neither a stack nor a summary.
bool IsOneLine(FatalKind kind) { return kind == FatalKind::kMemoryMapping || kind == FatalKind::kOther; }

}  // namespace

void ReportStream::AddLine(std::string_view line, size_t number, const Emit& emit) {
  if (absl::StrContains(line, "ThreadSanitizer")) {
    if (const std::optional<Headline> headline = ParseHeadline(line)) return BeginReport(*headline, line, number, emit);
    if (std::optional<FatalError> error = ParseFatalLine(line)) {
      held_ ? EndReport(emit) : CutReport(emit);
      EndFatal(emit);
      error->lines.first = number;
      text_.assign(line).push_back('\n');
      lines_ = {number, number};
      known_text_ = text_.size();
      const bool is_one_line = IsOneLine(error->kind);
      fatal_.emplace(*std::move(error));
      if (is_one_line) EndFatal(emit);
      return;
    }
    AddNotice(line, number, emit);
  }
  if (suppressed_hits_ > 0 && AddSuppression(line, emit)) return;
  if (report_.has_value()) return AddToReport(line, number, emit);
  if (fatal_.has_value()) {
    text_.append(line).push_back('\n');
    const size_t stack = fatal_->stack_size();
    const bool ends = fatal_->Add(line);
    if (ends || fatal_->stack_size() > stack) {
      known_text_ = text_.size();
      lines_.last = number;
    }
    if (ends || text_.size() - known_text_ > kMostForeignTextBelowFatal) EndFatal(emit);
  }
}

void ReportStream::BeginReport(const Headline& headline, std::string_view line, size_t number, const Emit& emit) {
  EndFatal(emit);
  suppressed_hits_ = 0;
  if (report_.has_value()) {
    if (held_ && report_->summarised()) {
      EndReport(emit);
    } else if (report_->report().pid != headline.pid && !rival_.has_value()) {
      // The other process may have been killed, or the lines of both may be mixed: this report's lines will tell.
      rival_ = Incomplete();
    } else {
      CutReport(emit);  // a process prints one report at a time: the rule that was read was this report's
    }
  }
  report_.emplace(headline);
  held_ = false;
  text_.assign(line).push_back('\n');
  known_text_ = text_.size();
  lines_ = {number, number};
  lines_since_headline_ = 0;
}

void ReportStream::AddToReport(std::string_view line, size_t number, const Emit& emit) {
  ++lines_since_headline_;
  const ReportLine parsed = ClassifyReportLine(line);
  if (parsed.kind == LineKind::kRule && held_) return EndReport(emit);
  text_.append(line).push_back('\n');
  if (parsed.kind == LineKind::kRule && report_->has_content()) {
    held_ = true;
    known_text_ = text_.size();
    lines_.last = number;
    // Without a summary, or where lines may be mixed, what follows decides whether this was the report's own rule.
    if (report_->summarised() && !rival_.has_value()) EndReport(emit);
    return;
  }
  if (IsPartOfReport(parsed.kind)) {
    held_ = false;
    report_->Add(parsed, line);
    known_text_ = text_.size();
    lines_.last = number;
  } else if (text_.size() - known_text_ > kMostForeignText) {
    held_ ? EndReport(emit) : CutReport(emit);
  }
}

void ReportStream::EndReport(const Emit& emit) {
  if (!report_.has_value()) return;
  if (rival_.has_value() && report_->damaged()) {
    rival_->mixed = true;
    CutReport(emit);
    return;
  }
  if (rival_.has_value()) emit(*std::exchange(rival_, std::nullopt));
  Report report = report_->Take();
  text_.resize(known_text_);
  report.text = std::exchange(text_, "");
  report.lines = lines_;
  report_.reset();
  held_ = false;
  emit(std::move(report));
}

IncompleteReport ReportStream::Incomplete() {
  const Report& report = report_->report();
  text_.resize(known_text_);
  return {report.headline, report.kind, report.pid, false, std::exchange(text_, ""), lines_};
}

void ReportStream::CutReport(const Emit& emit) {
  if (!report_.has_value()) return;
  IncompleteReport incomplete = Incomplete();
  report_.reset();
  held_ = false;
  if (rival_.has_value()) {
    incomplete.mixed = rival_->mixed;
    emit(*std::exchange(rival_, std::nullopt));
  }
  emit(std::move(incomplete));
}

void ReportStream::EndFatal(const Emit& emit) {
  if (!fatal_.has_value()) return;
  FatalError error = fatal_->Take();
  text_.resize(known_text_);
  error.text = std::exchange(text_, "");
  error.lines = lines_;
  fatal_.reset();
  emit(std::move(error));
}

void ReportStream::AddNotice(std::string_view line, size_t number, const Emit& emit) {
  constexpr std::string_view kTool = "ThreadSanitizer: ";
  const size_t at = line.find("ThreadSanitizer");
  const bool is_own = at == 0 || absl::EndsWith(line.substr(0, at), "WARNING: ");
  if (!is_own || fatal_.has_value()) return;
  Notice notice{std::string(line), std::nullopt, number};
  Scanner scanner(line.substr(at));
  int count = 0;
  if (scanner.Take("ThreadSanitizer: reported ") && scanner.TakeNumber(count)) notice.warnings = count;
  if (scanner.Take(kTool) && scanner.Take("Matched ") && scanner.TakeNumber(suppressed_hits_)) {
    if (scanner.SkipPast("(pid=")) scanner.TakeNumber(suppressions_pid_);
  }
  emit(std::move(notice));
}

bool ReportStream::AddSuppression(std::string_view line, const Emit& emit) {
  MatchedSuppression suppression;
  Scanner scanner(line);
  if (!scanner.TakeNumber(suppression.hits) || !scanner.Take(' ') || suppression.hits > suppressed_hits_) {
    suppressed_hits_ = 0;  // the list is over
    return false;
  }
  suppressed_hits_ -= suppression.hits;
  suppression.pattern = scanner.rest();
  suppression.pid = suppressions_pid_;
  emit(std::move(suppression));
  return true;
}

void ReportStream::Finish(const Emit& emit) {
  held_ ? EndReport(emit) : CutReport(emit);
  EndFatal(emit);
  suppressed_hits_ = 0;
}

}  // namespace racelab
