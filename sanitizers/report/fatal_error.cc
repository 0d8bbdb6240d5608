#include "sanitizers/report/fatal_error.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "sanitizers/report/report_line.h"
#include "sanitizers/report/scanner.h"

namespace racelab {
namespace {

struct FatalOpening {
  FatalKind kind;
  std::string_view begins;
  std::string_view holds;  // words that must follow later in the line
};

// The first match decides.
constexpr FatalOpening kFatalOpenings[] = {
    {FatalKind::kSignal, "ERROR: ThreadSanitizer: ", " on unknown address"},
    {FatalKind::kSignal, "ERROR: ThreadSanitizer: ", " on address 0x"},
    {FatalKind::kOutOfMemory, "ERROR: ThreadSanitizer", "out of memory"},
    {FatalKind::kOutOfMemory, "ERROR: ThreadSanitizer", "exceeded the RSS limit"},
    {FatalKind::kOutOfMemory, "ERROR: ThreadSanitizer failed to ", " (err"},
    {FatalKind::kOutOfMemory, "ThreadSanitizer: hard rss limit exhausted", ""},
    {FatalKind::kAllocation, "ERROR: ThreadSanitizer: ", "allocation size 0x"},
    {FatalKind::kAllocation, "ERROR: ThreadSanitizer: ", " parameters overflow"},
    {FatalKind::kAllocation, "ERROR: ThreadSanitizer: ", "invalid al"},
    {FatalKind::kCheckFailed, "ThreadSanitizer: CHECK failed", ""},
    {FatalKind::kCheckFailed, "FATAL: ThreadSanitizer CHECK failed", ""},
    {FatalKind::kMemoryMapping, "FATAL: ThreadSanitizer", "unexpected memory mapping"},
    {FatalKind::kMemoryMapping, "FATAL: ThreadSanitizer", "memory layout is incompatible"},
    {FatalKind::kMemoryMapping, "ThreadSanitizer: memory layout is incompatible", ""},
    {FatalKind::kMemoryMapping, "FATAL: ThreadSanitizer can not ", ""},
    {FatalKind::kOutOfMemory, "FATAL: ThreadSanitizer: ", "out of memory"},
    {FatalKind::kOutOfMemory, "FATAL: Internal error: ThreadSanitizer's allocator ", ""},
    {FatalKind::kAllocation, "FATAL: ThreadSanitizer: ", " parameters overflow"},
    {FatalKind::kOther, "ThreadSanitizer: failed to read suppressions file", ""},
    {FatalKind::kOther, "ThreadSanitizer: failed to parse suppressions", ""},
    {FatalKind::kOther, "ThreadSanitizer: ERROR: ", ""},
    {FatalKind::kOther, "ERROR: ThreadSanitizer", ""},
    {FatalKind::kOther, "FATAL: ThreadSanitizer", ""},
    {FatalKind::kOther, "ThreadSanitizer: nested bug in the same thread, aborting", ""},
    {FatalKind::kOther, "ThreadSanitizer: ", " Dying"},
};

constexpr size_t kNone = std::string_view::npos;

// "==123==", if `line` has it right before `at`.
int PidBefore(std::string_view line, size_t at) {
  if (at < 4 || line.substr(at - 2, 2) != "==") return 0;
  const size_t begin = line.rfind("==", at - 3);
  int pid = 0;
  if (begin == kNone) return 0;
  Scanner scanner(line.substr(begin + 2));
  return scanner.TakeNumber(pid) && scanner.Take("==") ? pid : 0;
}

// "SEGV on unknown address 0x000000000000 (pc 0x55 bp 0x7f sp 0x7f T12)"
void ParseSignal(std::string_view text, FatalError& error) {
  const size_t end = std::min(text.find(" on unknown address"), text.find(" on address"));
  if (end == kNone) return;
  error.signal = text.substr(0, end);
  Scanner scanner(text.substr(end));
  if (!scanner.Take(" on unknown address")) scanner.Take(" on address");
  std::uint64_t address = 0;
  if (scanner.Take(' ') && scanner.TakeHex(address)) error.address = address;
  if (scanner.SkipPast("(pc ")) scanner.TakeHex(error.pc);
  if (const size_t thread = scanner.rest().rfind(" T"); thread != kNone) {
    Scanner(scanner.rest().substr(thread + 2)).TakeNumber(error.thread);
  }
}

}  // namespace

std::optional<FatalError> ParseFatalLine(std::string_view line) {
  constexpr std::string_view kWord = "ThreadSanitizer";
  const size_t word = line.find(kWord);
  if (word == kNone || line.substr(0, word).ends_with("SUMMARY: ")) return std::nullopt;
  for (const FatalOpening& opening : kFatalOpenings) {
    const size_t at = line.find(opening.begins);
    if (at == kNone || line.find(opening.holds, at) == kNone) continue;
    FatalError error;
    error.kind = opening.kind;
    error.what = absl::StripAsciiWhitespace(line.substr(at));
    error.pid = PidBefore(line, at);
    constexpr std::string_view kTool = "ThreadSanitizer: ";
    if (opening.kind == FatalKind::kSignal) ParseSignal(line.substr(line.find(kTool, at) + kTool.size()), error);
    return error;
  }
  return std::nullopt;
}

bool FatalErrorBuilder::Add(std::string_view line) {
  const ReportLine parsed = ClassifyReportLine(line);
  if (parsed.kind == LineKind::kFrame) {
    stacks_.AddFrame(line);
  } else if (parsed.kind == LineKind::kSummary) {
    error_.summary = absl::StripPrefix(parsed.body, "SUMMARY: ThreadSanitizer: ");
    return error_.kind != FatalKind::kSignal;
  } else if (const size_t at = line.find("The signal is caused by a "); at != kNone) {
    Scanner scanner(line.substr(at));
    scanner.Take("The signal is caused by a ");
    error_.access = scanner.rest().substr(0, scanner.rest().find(' '));
  } else if (const size_t hint = std::min(line.find("Hint: "), line.find("HINT: ")); hint != kNone) {
    error_.hints.emplace_back(absl::StripAsciiWhitespace(line.substr(hint + 6)));
  }
  return absl::EndsWith(line, "==ABORTING");
}

FatalError FatalErrorBuilder::Take() {
  if (std::vector<Stack> stacks = stacks_.Take(); !stacks.empty()) error_.stack = std::move(stacks.front());
  return std::move(error_);
}

}  // namespace racelab
