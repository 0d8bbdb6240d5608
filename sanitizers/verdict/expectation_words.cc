#include "sanitizers/verdict/expectation_words.h"

#include <cstddef>
#include <regex>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace racelab {
namespace {

// The lines of a message, read one after the other.
class Lines {
 public:
  explicit Lines(std::string_view text) {
    for (std::string_view line : absl::StrSplit(text, '\n')) {
      line = absl::StripAsciiWhitespace(line);
      if (!line.empty()) lines_.push_back(line);
    }
  }

  bool IsAtEnd() const { return next_ == lines_.size(); }
  std::string_view Next() { return IsAtEnd() ? std::string_view() : lines_[next_++]; }

  // Consumes the next line if it begins with `prefix`, and returns the rest of it; otherwise returns an empty string.
  std::string_view NextAfter(std::string_view prefix) {
    if (IsAtEnd() || !absl::StartsWith(lines_[next_], prefix)) return {};
    return absl::StripPrefix(lines_[next_++], prefix);
  }

 private:
  std::vector<std::string_view> lines_;
  size_t next_ = 0;
};

// Takes "x_test.cc:12: " off the front of `line`, and the folder off that.
std::string TakePlace(std::string_view& line) {
  static const std::regex& place = *new std::regex(R"(^(?:\S*/)?([^/ ]+:[0-9]+: ?))");
  std::match_results<std::string_view::const_iterator> match;
  if (!std::regex_search(line.begin(), line.end(), match, place)) return "";
  line.remove_prefix(static_cast<size_t>(match.length()));
  return absl::StrCat(absl::StripSuffix(match[1].str(), " "), " ");
}

// Removes parentheses around the whole expression, which macros need if it contains commas.
std::string_view Bare(std::string_view expression) {
  if (!absl::StartsWith(expression, "(")) return expression;
  int open = 0;
  for (size_t i = 0; i < expression.size(); ++i) {
    open += expression[i] == '(' ? 1 : expression[i] == ')' ? -1 : 0;
    if (open == 0) return i + 1 == expression.size() ? expression.substr(1, i - 1) : expression;
  }
  return expression;
}

// EXPECT_EQ: GoogleTest prints an expression's value only if it differs from the expression's text. For the expected
// side, the value says more than a long expression.
std::string Equality(Lines& lines) {
  const std::string_view first = Bare(lines.Next());
  const std::string_view value = lines.NextAfter("Which is: ");
  const std::string_view second = Bare(lines.Next());
  const std::string_view other = lines.NextAfter("Which is: ");
  if (value.empty() && !other.empty()) return absl::StrCat(second, " is ", other, ", not ", first);
  const bool is_name = second.find_first_of(" <({*") == std::string_view::npos;
  return absl::StrCat(first, value.empty() ? "" : " is ", value, ", not ", other.empty() ? second : other,
                      !other.empty() && is_name ? absl::StrCat(" (", second, ")") : "");
}

// EXPECT_TRUE, EXPECT_THAT.
std::string Value(std::string_view expression, Lines& lines) {
  const std::string_view actual = lines.NextAfter("Actual: ");
  const std::string_view expected = lines.NextAfter("Expected: ");
  return absl::StrCat(expression, " is ", actual, expected.empty() ? "" : ", not ", expected);
}

// "50ms" for "50000000ns".
std::string WithRoundTimes(std::string text) {
  static const std::regex& seconds = *new std::regex(R"(\b([0-9]+)000(?:000000ns|ms)\b)");
  static const std::regex& milliseconds = *new std::regex(R"(\b([0-9]+)000000ns\b)");
  text = std::regex_replace(text, seconds, "$1s");
  return std::regex_replace(text, milliseconds, "$1ms");
}

}  // namespace

std::string ExpectationInWords(std::string_view message) {
  Lines lines(message);
  std::string_view line = lines.Next();
  const std::string place = TakePlace(line);
  std::string text;
  for (bool is_trace = false;; line = lines.Next()) {
    std::string part(line);
    if (line == "Google Test trace:") {
      is_trace = true;
      part.clear();
    } else if (is_trace) {
      TakePlace(line);
      part = std::string(line);
    } else if (line == "Failed" || line == "Failure") {
      part.clear();
    } else if (line == "Expected equality of these values:") {
      part = Equality(lines);
    } else if (absl::ConsumePrefix(&line, "Value of: ")) {
      part = Value(line, lines);
    }
    if (!part.empty()) absl::StrAppend(&text, text.empty() ? "" : absl::EndsWith(text, ":") ? " " : "; ", part);
    if (lines.IsAtEnd()) break;
  }
  return absl::StrCat(place, WithRoundTimes(std::move(text)));
}

}  // namespace racelab
