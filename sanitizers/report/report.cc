#include "sanitizers/report/report.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "sanitizers/report/frame_line.h"

namespace racelab {
namespace {

constexpr std::string_view kRule = "==================";
constexpr std::string_view kHeadline = "WARNING: ThreadSanitizer: ";
constexpr std::string_view kCaught = "ERROR: ThreadSanitizer: ";

// Whether `line` contains the rule that frames a report: exactly eighteen equals signs.
bool HasRule(std::string_view line) {
  const size_t at = line.find(kRule);
  if (at == std::string_view::npos) return false;
  if (at + kRule.size() < line.size() && line[at + kRule.size()] == '=') return false;
  return at == 0 || line[at - 1] != '=';
}

struct Introduction {
  StackRole role;
  std::string_view begin;  // the words at the beginning of the line
  std::string_view holds;  // words that must follow later in the line
};

// The lines that introduce a stack. ThreadSanitizer writes a line in several pieces, and the program's own output may
// come between them. So each introduction is recognised by a few words, anywhere in the line.
constexpr Introduction kIntroductions[] = {
    {StackRole::kPreviousAccess, "  Previous ", " at 0x"},
    {StackRole::kAccess, "  Write of size ", " by "},
    {StackRole::kAccess, "  Read of size ", " by "},
    {StackRole::kAccess, "  Atomic write of size ", " by "},
    {StackRole::kAccess, "  Atomic read of size ", " by "},
    {StackRole::kAccess, "  Modifying access of ", " by "},
    {StackRole::kAccess, "  Read-only access of ", " by "},
    {StackRole::kLockAcquired, "  Mutex ", "acquired here while holding mutex "},
    {StackRole::kLockHeld, "  Mutex ", "previously acquired by the same thread here"},
    {StackRole::kMutexCreated, "  Mutex ", " created at"},
    {StackRole::kThreadCreated, "  Thread T", " created by "},
    {StackRole::kFileDescriptor, "  Location is file descriptor ", " by "},
    {StackRole::kHeapAllocated, "  Location is ", " allocated by "},
    {StackRole::kSignalHandler, "  Signal ", " handler invoked at"},
    {StackRole::kSleep, "  As if synchronized via sleep", ""},
    {StackRole::kHereBefore, "  and:", ""},
};

// The role of the stack that `line` introduces, and the line from its first word on; nullopt if it introduces no stack.
std::optional<std::pair<StackRole, std::string_view>> ParseIntroduction(std::string_view line) {
  for (const Introduction& introduction : kIntroductions) {
    const size_t at = line.find(introduction.begin);
    if (at == std::string_view::npos) continue;
    if (line.find(introduction.holds, at) == std::string_view::npos) continue;
    return std::pair(introduction.role, absl::StripSuffix(absl::StripAsciiWhitespace(line.substr(at)), ":"));
  }
  return std::nullopt;
}

class Parser {
 public:
  ParsedReports Parse(std::string_view text) {
    while (!text.empty()) {
      const size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      const bool whole = end != std::string_view::npos;
      text.remove_prefix(whole ? end + 1 : text.size());
      // A line without a line end was cut: the rest of it might mean something different from the whole line.
      if (whole) ParseLine(absl::StripSuffix(line, "\r"), line);
    }
    if (state_ == State::kReport) result_.truncated = true;
    if (state_ == State::kSignal) FinishSignal();
    return std::move(result_);
  }

 private:
  enum class State { kOutside, kReport, kSignal };

  void ParseLine(std::string_view line, std::string_view raw) {
    if (absl::StrContains(line, kHeadline)) {
      if (state_ == State::kSignal) FinishSignal();
      BeginReport(line, raw);
      return;
    }
    if (const size_t at = line.find(kCaught); at != std::string_view::npos && state_ != State::kSignal) {
      if (state_ == State::kReport) result_.truncated = true;
      BeginSignal(line.substr(at + kCaught.size()));
      return;
    }
    if (absl::StrContains(line, "FATAL: ThreadSanitizer") || absl::StrContains(line, "ThreadSanitizer: CHECK failed") ||
        absl::StrContains(line, "ThreadSanitizer: memory layout is incompatible")) {
      if (result_.fatal.empty()) result_.fatal = std::string(absl::StripAsciiWhitespace(line));
    }
    switch (state_) {
      case State::kOutside:
        if (HasRule(line)) ++rules_since_headline_;
        return;
      case State::kSignal:
        ParseStackLine(line);
        return;
      case State::kReport:
        break;
    }
    report_.text.append(raw).push_back('\n');
    if (HasRule(line)) {
      FinishReport();
    } else if (absl::StrContains(line, "SUMMARY: ThreadSanitizer: ")) {
      summarised_ = true;
    } else {
      ParseStackLine(line);
    }
  }

  void BeginReport(std::string_view line, std::string_view raw) {
    if (state_ == State::kReport) {
      result_.truncated = true;
    } else if (rules_since_headline_ == 1 && !summarised_ && !result_.reports.empty()) {
      // Two whole reports have two rules between them. The rule here opened this report; the report before it was cut.
      result_.reports.pop_back();
      result_.truncated = true;
    }
    state_ = State::kReport;
    summarised_ = false;
    rules_since_headline_ = 0;
    report_ = Report();
    std::string_view headline = line.substr(line.find(kHeadline) + kHeadline.size());
    headline = headline.substr(0, headline.rfind(" (pid="));
    report_.headline = std::string(absl::StripAsciiWhitespace(headline));
    report_.kind = ReportKindFromHeadline(report_.headline);
    report_.text.append(raw).push_back('\n');
    last_index_ = -1;
    introduced_ = false;
  }

  void FinishReport() {
    result_.reports.push_back(std::move(report_));
    report_ = Report();
    rules_since_headline_ = 1;
    state_ = State::kOutside;
  }

  void BeginSignal(std::string_view what) {
    state_ = State::kSignal;
    report_ = Report();
    signal_name_ = std::string(what.substr(0, what.find(' ')));
    last_index_ = -1;
    introduced_ = false;
  }

  void FinishSignal() {
    CaughtSignal signal{signal_name_, {}};
    if (!report_.stacks.empty()) signal.stack = std::move(report_.stacks.front());
    result_.signal = std::move(signal);
  }

  void ParseStackLine(std::string_view line) {
    if (std::optional<FrameLine> frame = ParseFrameLine(line)) {
      // Without an introduction (right below the headline, or after a garbled introduction), a stack begins where the
      // numbers start again.
      if (!introduced_ && frame->index <= last_index_) last_index_ = -1;
      if (!introduced_ && last_index_ < 0) {
        report_.stacks.push_back({report_.stacks.empty() ? StackRole::kHere : StackRole::kOther, "", {}});
      }
      introduced_ = false;
      last_index_ = frame->index;
      report_.stacks.back().frames.push_back(std::move(frame->frame));
      return;
    }
    if (auto introduction = ParseIntroduction(line)) {
      report_.stacks.push_back({introduction->first, std::string(introduction->second), {}});
      introduced_ = true;
      last_index_ = -1;
    }
    ParseLocation(line);
  }

  void ParseLocation(std::string_view line) {
    constexpr std::string_view kLocation = "  Location is ";
    const size_t at = line.find(kLocation);
    if (at == std::string_view::npos || !report_.location.empty()) return;
    std::string_view what = absl::StripAsciiWhitespace(line.substr(at + kLocation.size()));
    if (!absl::ConsumeSuffix(&what, ".")) absl::ConsumeSuffix(&what, ":");
    report_.location = std::string(what);
  }

  ParsedReports result_;
  State state_ = State::kOutside;
  Report report_;
  std::string signal_name_;
  int last_index_ = -1;      // of the previous frame in the same stack
  bool introduced_ = false;  // the stack's introduction has been read, and no frame yet
  bool summarised_ = false;  // the report's SUMMARY line has been read, so the report is whole
  int rules_since_headline_ = 0;
};

}  // namespace

std::string_view Name(StackRole role) {
  switch (role) {
    case StackRole::kAccess:
      return "access";
    case StackRole::kPreviousAccess:
      return "previous access";
    case StackRole::kHere:
      return "here";
    case StackRole::kHereBefore:
      return "here before";
    case StackRole::kLockAcquired:
      return "lock acquired";
    case StackRole::kLockHeld:
      return "lock held";
    case StackRole::kMutexCreated:
      return "mutex created";
    case StackRole::kThreadCreated:
      return "thread created";
    case StackRole::kHeapAllocated:
      return "heap allocated";
    case StackRole::kFileDescriptor:
      return "file descriptor";
    case StackRole::kSignalHandler:
      return "signal handler";
    case StackRole::kSleep:
      return "sleep";
    case StackRole::kOther:
      break;
  }
  return "other";
}

ParsedReports ParseThreadSanitizer(std::string_view text) { return Parser().Parse(text); }

}  // namespace racelab
