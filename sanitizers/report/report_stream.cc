#include "sanitizers/report/report_stream.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "sanitizers/report/report_builder.h"
#include "sanitizers/report/scanner.h"

namespace racelab {
namespace {

// More foreign text than this inside a report, or after a fatal error, means that its end is missing.
constexpr size_t kMostForeignText = size_t{1} << 20;
constexpr size_t kMostForeignTextBelowFatal = size_t{1} << 14;

// Limit on the distinct reports remembered.
constexpr size_t kMostSignatures = 100'000;

// Whether a line shows that the report continues.
bool IsPartOfReport(LineKind kind) { return kind != LineKind::kForeign && kind != LineKind::kRule; }

// Errors below which ThreadSanitizer prints neither a stack nor a summary.
bool IsOneLine(FatalKind kind) { return kind == FatalKind::kMemoryMapping || kind == FatalKind::kOther; }

}  // namespace

ReportStream::Opened::Opened(const Headline& opened)
    : headline(absl::StripAsciiWhitespace(opened.text)), pid(opened.pid) {
  hash.Add(headline);
}

void ReportStream::AddLine(std::string_view line, size_t number, bool names_tool, const Emit& emit) {
  if (names_tool) {
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
    if (AddNotice(line, number, emit) && !report_.has_value()) return;
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
    if (held_ && (report_->summarised || second_rule_)) {
      EndReport(emit);
    } else if (report_->pid != headline.pid && !rival_.has_value()) {
      // The other process may have been killed, or the lines of both may be mixed: later lines decide.
      rival_ = Incomplete(*report_);
    } else {
      CutReport(emit);  // a process prints one report at a time: the rule that was read was this report's
    }
  }
  report_.emplace(headline);
  held_ = false;
  text_.assign(line).push_back('\n');
  known_text_ = text_.size();
  known_lines_.clear();
  lines_ = {number, number};
  lines_since_headline_ = 0;
}

void ReportStream::AddToReport(std::string_view line, size_t number, const Emit& emit) {
  if (!report_.has_value()) return;
  Opened& report = *report_;
  ++lines_since_headline_;
  const ReportLine parsed = ClassifyReportLine(line);
  if (second_rule_) SayMixed();  // the next report's headline would follow its rule: the rule was the rival's
  if (parsed.kind == LineKind::kRule && held_) {
    if (!rival_.has_value() || second_rule_) return EndReport(emit);
    second_rule_ = true;
    return;
  }
  const size_t begin = text_.size();
  text_.append(line).push_back('\n');
  if (parsed.kind == LineKind::kRule && report.has_content) {
    held_ = true;
    known_text_ = text_.size();
    lines_.last = number;
    // Without a summary, or where lines may be mixed, what follows decides whether this was the report's own rule.
    if (report.summarised && !rival_.has_value()) EndReport(emit);
    return;
  }
  if (IsPartOfReport(parsed.kind)) {
    if (held_) SayMixed();  // the rule was the other report's
    held_ = false;
    report.has_content = true;
    report.summarised = report.summarised || parsed.kind == LineKind::kSummary;
    report.hash.Add(static_cast<std::uint64_t>(parsed.kind));
    if (parsed.kind == LineKind::kFrame) report.hash.Add(parsed.body);
    known_text_ = text_.size();
    known_lines_.push_back(
        {parsed.kind, begin, begin + static_cast<size_t>(parsed.body.data() - line.data()), begin + line.size()});
    lines_.last = number;
  } else if (text_.size() - known_text_ > kMostForeignText) {
    held_ ? EndReport(emit) : CutReport(emit);
  }
}

void ReportStream::SayMixed() {
  if (rival_.has_value()) rival_->mixed = true;
}

void ReportStream::EmitRival(const Emit& emit) {
  std::optional<IncompleteReport> rival = std::exchange(rival_, std::nullopt);
  if (rival.has_value()) emit(*std::move(rival));
}

Report ReportStream::Build(const Opened& opened) const {
  ReportBuilder builder({opened.headline, opened.pid});
  const std::string_view text = text_;
  for (const KnownLine& line : known_lines_) {
    builder.Add({line.kind, text.substr(line.body, line.end - line.body)},
                text.substr(line.begin, line.end - line.begin));
  }
  return builder.Take();
}

void ReportStream::EndReport(const Emit& emit) {
  if (!report_.has_value()) return;
  const Opened& opened = *report_;
  second_rule_ = false;
  if (repeats_ != nullptr && !rival_.has_value()) {
    const auto found = repeats_->signatures.find(opened.hash.value());
    if (found != repeats_->signatures.end()) {
      const int pid = opened.pid;
      report_.reset();
      held_ = false;
      return repeats_->emit({found->second, pid, lines_});
    }
  }
  Report report = Build(opened);
  if (rival_.has_value()) {
    if (rival_->mixed || report.damaged) {
      SayMixed();
      CutReport(emit);
      return;
    }
    EmitRival(emit);
  }
  if (repeats_ != nullptr && !report.damaged && repeats_->signatures.size() < kMostSignatures) {
    repeats_->signatures.emplace(opened.hash.value(), Signature(report));
  }
  text_.resize(known_text_);
  report.text = std::exchange(text_, "");
  report.lines = lines_;
  report_.reset();
  held_ = false;
  emit(std::move(report));
}

IncompleteReport ReportStream::Incomplete(const Opened& opened) {
  text_.resize(known_text_);
  return {opened.headline, ReportKindFromHeadline(opened.headline), opened.pid, false, std::exchange(text_, ""),
          lines_};
}

void ReportStream::CutReport(const Emit& emit) {
  if (!report_.has_value()) return;
  second_rule_ = false;
  IncompleteReport incomplete = Incomplete(*report_);
  report_.reset();
  held_ = false;
  if (rival_.has_value()) {
    incomplete.mixed = rival_->mixed;
    EmitRival(emit);
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

bool ReportStream::AddNotice(std::string_view line, size_t number, const Emit& emit) {
  constexpr std::string_view kTool = "ThreadSanitizer: ";
  const size_t at = line.find("ThreadSanitizer");
  const bool is_own = at == 0 || absl::EndsWith(line.substr(0, at), "WARNING: ");
  if (!is_own || fatal_.has_value()) return false;
  Notice notice{std::string(line), std::nullopt, number};
  Scanner scanner(line.substr(at));
  int count = 0;
  if (scanner.Take("ThreadSanitizer: reported ") && scanner.TakeNumber(count)) notice.warnings = count;
  if (scanner.Take(kTool) && scanner.Take("Matched ") && scanner.TakeNumber(suppressed_hits_)) {
    if (scanner.SkipPast("(pid=")) scanner.TakeNumber(suppressions_pid_);
  }
  emit(std::move(notice));
  return true;
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
  if (second_rule_) SayMixed();
  held_ ? EndReport(emit) : CutReport(emit);
  EndFatal(emit);
  suppressed_hits_ = 0;
}

}  // namespace racelab
