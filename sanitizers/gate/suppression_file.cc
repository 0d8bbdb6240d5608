#include "sanitizers/gate/suppression_file.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace racelab {
namespace {

constexpr std::string_view kTypes[] = {"race", "race_top", "mutex", "thread", "deadlock", "signal", "called_from_lib"};

// The type under which a report of this kind is suppressed.
std::string_view TypeOf(ReportKind kind) {
  switch (kind) {
    case ReportKind::kDataRace:
    case ReportKind::kVptrRace:
    case ReportKind::kUseAfterFree:
    case ReportKind::kVptrUseAfterFree:
    case ReportKind::kExternalRace:
      return "race";
    case ReportKind::kThreadLeak:
      return "thread";
    case ReportKind::kLockOrderInversion:
      return "deadlock";
    case ReportKind::kSignalUnsafeCall:
    case ReportKind::kErrnoInSignalHandler:
      return "signal";
    default:
      return "mutex";
  }
}

bool HidesFrame(const Suppression& suppression, const Frame& frame) {
  return MatchesPattern(suppression.pattern, frame.function) || MatchesPattern(suppression.pattern, frame.file) ||
         MatchesPattern(suppression.pattern, frame.module);
}

}  // namespace

std::vector<Suppression> ParseSuppressions(std::string_view text) {
  std::vector<Suppression> suppressions;
  int number = 0;
  for (std::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    const size_t colon = line.find(':');
    Suppression suppression = {number, std::string(line.substr(0, colon)), "", ""};
    if (colon == std::string_view::npos) {
      suppression.problem = "it has no \"type:\" in front, so ThreadSanitizer refuses the whole file";
    } else {
      suppression.pattern = std::string(line.substr(colon + 1));
      if (std::find(std::begin(kTypes), std::end(kTypes), suppression.type) == std::end(kTypes))
        suppression.problem = absl::StrCat("ThreadSanitizer knows no type \"", suppression.type, "\"");
      else if (suppression.pattern.empty())
        suppression.problem = "its pattern is empty";
      else if (absl::ascii_isspace(suppression.pattern.front()))
        suppression.problem = "the blank behind the colon is part of its pattern: remove it";
      else if (absl::StrContains(suppression.pattern, " #"))
        suppression.problem = "a comment stands on a line of its own: here, it is part of the pattern";
    }
    suppressions.push_back(std::move(suppression));
  }
  return suppressions;
}

bool MatchesPattern(std::string_view pattern, std::string_view text) {
  if (text.empty() || pattern.empty()) return false;
  const bool from_begin = absl::ConsumePrefix(&pattern, "^");
  const bool to_end = absl::ConsumeSuffix(&pattern, "$");
  const std::vector<std::string_view> parts = absl::StrSplit(pattern, '*');
  size_t at = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool is_last = i + 1 == parts.size();
    if (is_last && to_end)
      return text.size() - at >= parts[i].size() && absl::EndsWith(text, parts[i]) &&
             (i > 0 || !from_begin || text.size() == parts[i].size());
    const size_t found = text.find(parts[i], at);
    if (found == std::string_view::npos || (i == 0 && from_begin && found != 0)) return false;
    at = found + parts[i].size();
  }
  return true;
}

bool Hides(const Suppression& suppression, const Report& report) {
  if (!suppression.problem.empty()) return false;
  const bool top_only = suppression.type == "race_top";
  if (TypeOf(report.kind) != (top_only ? "race" : suppression.type)) return false;
  for (const Stack& stack : report.stacks) {
    if (top_only) {
      if (!stack.frames.empty() && HidesFrame(suppression, stack.frames.front())) return true;
      continue;
    }
    for (const Frame& frame : stack.frames) {
      if (HidesFrame(suppression, frame)) return true;
    }
  }
  return std::any_of(report.locations.begin(), report.locations.end(), [&](const ReportedLocation& location) {
    return location.kind == LocationKind::kGlobal && MatchesPattern(suppression.pattern, location.name);
  });
}

std::string WhyTooBroad(const Suppression& suppression) {
  if (!suppression.problem.empty()) return "";
  const std::string& pattern = suppression.pattern;
  const size_t letters = std::count_if(pattern.begin(), pattern.end(), [](char c) { return absl::ascii_isalnum(c); });
  if (letters < 3) return "it matches nearly every function";
  const size_t word = pattern.find_first_not_of("^*");
  const std::string core = pattern.substr(word, pattern.find_last_not_of("*$") + 1 - word);
  for (const std::string_view common : {"std", "std::", "main", "main()", "operator", "operator()", "pthread",
                                        "boost::", "absl::", "thread", "lambda"}) {
    if (core == common) return "a function of that name is in the stack of nearly every report";
  }
  if (absl::StrContains(pattern, ".so") || suppression.type == "called_from_lib")
    return "it hides every report of a whole library, also those that your code causes";
  for (const std::string_view end :
       {".c", ".cc", ".cpp", ".cxx", ".c++", ".C", ".h", ".hh", ".hpp", ".hxx", ".inc", ".inl", ".ipp", ".tcc", "/"}) {
    if (absl::EndsWith(core, end)) return "it hides every report of a whole file or folder";
  }
  if (absl::EndsWith(core, "::")) return "it hides every report of a whole class or namespace";
  return "";
}

}  // namespace racelab
