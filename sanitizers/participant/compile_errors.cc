#include "sanitizers/participant/compile_errors.h"

#include <regex>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sanitizers/participant/screen_parts.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

bool IsOwn(const std::string& file) { return !absl::StartsWith(file, "/"); }

// A note names the project's own line that led to an error in a library's header.
void TakePlace(CompileError note, std::vector<CompileError>& errors) {
  if (errors.empty() || !IsOwn(note.file)) return;
  CompileError& error = errors.back();
  const bool is_same = error.file == note.file && error.line == note.line && error.source.empty();
  if (IsOwn(error.file) && !is_same) return;
  error.file = std::move(note.file);
  error.line = note.line;
  error.source = std::move(note.source);
}

void Take(CompileError diagnostic, bool is_error, std::vector<CompileError>& errors) {
  if (!is_error) return TakePlace(std::move(diagnostic), errors);
  // If the place of the first error had to be found, that error appears twice.
  if (!errors.empty() && !IsOwn(diagnostic.file) && errors.back().text == diagnostic.text) return;
  errors.push_back(std::move(diagnostic));
}

}  // namespace

std::vector<CompileError> CompileErrors(std::string_view output) {
  static const std::regex& message =
      *new std::regex(R"(^([^ :]+):([0-9]+):(?:[0-9]+:)? (?:fatal )?(error|warning|note): (.*)$)");
  std::vector<CompileError> errors;
  CompileError last;  // added once all of its lines are known
  bool is_any = false, is_error = false;
  for (std::string_view line : absl::StrSplit(output, '\n')) {
    std::match_results<std::string_view::const_iterator> match;
    if (!std::regex_match(line.begin(), line.end(), match, message)) {
      const bool is_source = !absl::StartsWith(line, "In file") && absl::StrContains(line, " | ");
      if (is_source) last.source.emplace_back(line);
      continue;
    }
    if (is_any) Take(std::move(last), is_error, errors);
    last = {.file = match[1].str(), .text = match[4].str(), .source = {}};
    is_any = absl::SimpleAtoi(match[2].str(), &last.line);
    is_error = match[3].str() == "error";
  }
  if (is_any) Take(std::move(last), is_error, errors);
  return errors;
}

std::string CompileErrorsText(std::string_view output, size_t room, int columns) {
  std::string text;
  size_t left = 0;
  for (const CompileError& error : CompileErrors(output)) {
    const std::string place = absl::StrCat(error.file, ":", error.line, ": error: ");
    std::string part = absl::StrCat("  ", Wrap(absl::StrCat(place, error.text), columns - 1, 4, 2), "\n");
    if (IsOwn(error.file)) {
      for (const std::string& line : error.source) absl::StrAppend(&part, Cut(absl::StrCat("  ", line), 1, columns));
    }
    if (!text.empty() && LinesIn(text, columns) + LinesIn(part, columns) + 1 > room) {
      ++left;
    } else {
      text += part;
    }
  }
  if (text.empty()) return Cut(output, room, columns);  // an error of the linker or of another tool
  if (left > 0) absl::StrAppend(&text, "  and ", left, left == 1 ? " more error\n" : " more errors\n");
  if (LinesIn(text, columns) > room) return Cut(text, room, columns);
  return text;
}

}  // namespace racelab
