#include "sanitizers/report/frame_line.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "sanitizers/report/scanner.h"

namespace racelab {
namespace {

constexpr std::string_view kUnknown = "<null>";

// Takes "    #<number> ", and the program's output before it, from the beginning of `line`; nullopt if it does not
// occur.
std::optional<int> TakeIndex(std::string_view& line) {
  constexpr std::string_view kMark = "    #";
  for (size_t at = line.find(kMark); at != std::string_view::npos; at = line.find(kMark, at + 1)) {
    Scanner scanner(line.substr(at + kMark.size()));
    int index = 0;
    if (!scanner.TakeNumber(index) || !scanner.Take(' ')) continue;
    line = scanner.rest();
    return index;
  }
  return std::nullopt;
}

// Removes "(module+0x1234)", and a "(BuildId: …)" after it, from the end of `text`.
void TakeModule(std::string_view& text, Frame& frame) {
  constexpr std::string_view kBuildId = " (BuildId: ";
  if (const size_t id = text.find(kBuildId); id != std::string_view::npos) {
    const std::string_view rest = text.substr(id + kBuildId.size());
    frame.build_id = rest.substr(0, rest.find(')'));
    text = text.substr(0, id);
  }
  text = absl::StripTrailingAsciiWhitespace(text);
  if (text.empty() || text.back() != ')') return;
  const size_t offset = text.rfind("+0x");
  if (offset == std::string_view::npos) return;
  const size_t open = text.rfind(" (", offset);
  const bool is_all = open == std::string_view::npos && text.front() == '(';  // no function, no file
  if (open == std::string_view::npos && !is_all) return;
  const size_t begin = is_all ? 1 : open + 2;
  frame.module = text.substr(begin, offset - begin);
  Scanner(text.substr(offset + 1)).TakeHex(frame.offset);
  text = is_all ? "" : text.substr(0, open);
}

// The path without "./" and "<folder>/../". (Looking for them is cheaper than std::filesystem.)
std::string Normal(std::string_view file) {
  std::string_view rest = file;
  while (absl::ConsumePrefix(&rest, "../")) {  // stays
  }
  const bool is_normal = !absl::StartsWith(rest, "./") && !absl::StrContains(rest, "/./") &&
                         !absl::StrContains(rest, "/../") && !absl::StrContains(file, "//");
  return is_normal ? std::string(file) : std::filesystem::path(file).lexically_normal().string();
}

// Removes ":<number>" from the end of `text`; nullopt, and `text` unchanged, if there is none.
std::optional<int> TakeNumber(std::string_view& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  int number = 0;
  Scanner scanner(text.substr(colon + 1));
  if (!scanner.TakeNumber(number) || !scanner.AtEnd()) return std::nullopt;
  text = text.substr(0, colon);
  return number;
}

// Where the file begins in "function file": after the last blank that is not inside brackets. The text of a function
// contains blanks ("operator bool", ") const"), and so may that of a file: after a closing bracket or a name, text that
// begins with a slash or a dot is the file.
size_t FindFile(std::string_view text) {
  int depth = 0;
  size_t last_blank = std::string_view::npos;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) continue;
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c != ' ' || depth > 0 || i + 1 == text.size()) continue;
    const char next = text[i + 1];
    if (next == '/' || next == '.' || text.substr(i + 1) == kUnknown) {
      // Only "operator /" would have a blank before a slash, and demanglers do not print that blank.
      return i + 1;
    }
    last_blank = i;
  }
  return last_blank == std::string_view::npos ? last_blank : last_blank + 1;
}

}  // namespace

std::optional<FrameLine> ParseFrameLine(std::string_view line) {
  const std::optional<int> index = TakeIndex(line);
  if (!index.has_value()) return std::nullopt;
  std::optional<FrameLine> result(FrameLine{*index, {}});
  Frame& frame = result->frame;
  std::string_view text = absl::StripAsciiWhitespace(line);
  // Some of the sanitizers' formats print the address before the function: "0x55e2f0a54c3a in Parser::Read()", or
  // alone.
  if (Scanner scanner(text); scanner.TakeHex(frame.address)) {
    if (scanner.Take(" in ") || scanner.AtEnd() || scanner.rest().starts_with(" (")) {
      text = absl::StripLeadingAsciiWhitespace(scanner.rest());
    } else {
      frame.address = 0;
    }
  }
  TakeModule(text, frame);
  const size_t file_at = FindFile(text);
  if (file_at != std::string_view::npos) {
    std::string_view file = text.substr(file_at);
    const std::optional<int> last = TakeNumber(file);
    const std::optional<int> before = TakeNumber(file);  // clang prints line and column, g++ the line alone
    const bool names_file = last.has_value() || file == kUnknown || file.find('/') != std::string_view::npos;
    if (names_file) {
      frame.line = before.value_or(last.value_or(0));
      if (before.has_value()) frame.column = last.value_or(0);
      if (file != kUnknown) frame.file = Normal(file);
      text = text.substr(0, file_at - 1);
    }
  }
  if (text != kUnknown) frame.function = text;
  return result;
}

}  // namespace racelab
