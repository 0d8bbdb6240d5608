#include "sanitizers/review/answer.h"

#include <algorithm>
#include <regex>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace racelab {
namespace {

constexpr int kNear = 2;                             // lines
constexpr int kMostFunctions = 3;                    // for one comment
constexpr std::string_view kDataRace = "data race";  // a class of faults, and a failure kind of the second runtime

// "Total" for "HitCounter::Total".
std::string_view LastName(std::string_view function) { return function.substr(function.rfind(':') + 1); }

bool IsAtFault(const CommentPlace& place, const Card& card, const std::vector<int>& lines) {
  if (!place.function.empty()) {
    const std::vector<std::string>& functions = card.change->functions;
    return std::any_of(functions.begin(), functions.end(),
                       [&](const std::string& function) { return LastName(function) == LastName(place.function); });
  }
  return std::any_of(lines.begin(), lines.end(),
                     [&](int line) { return line >= place.first - kNear && line <= place.last + kNear; });
}

// Many faults of other classes are also data races, so this answer is right if a detector reports one.
bool IsNamed(const Change& change, std::string_view fault_class) {
  if (fault_class == change.fault_class) return true;
  if (fault_class != kDataRace) return false;
  const Evidence& reports = change.expect.tsan;
  const auto has_race = [](const std::vector<ExpectedReport>& expected) {
    return std::any_of(expected.begin(), expected.end(), [](const ExpectedReport& report) {
      return report.kind == ReportKind::kDataRace || report.kind == ReportKind::kVptrRace;
    });
  };
  return change.expect.interleave.kind == kDataRace || has_race(reports.must) || has_race(reports.also);
}

}  // namespace

absl::StatusOr<std::vector<CommentPlace>> ParsePlaces(std::string_view text) {
  static const std::regex& lines = *new std::regex("([0-9]{1,6})(-([0-9]{1,6}))?");
  static const std::regex& function = *new std::regex(R"(~?[A-Za-z_][A-Za-z0-9_:~]*(\(\))?)");
  std::vector<CommentPlace> places;
  int count = 0, functions = 0;
  for (std::string_view word : absl::StrSplit(text, absl::ByAnyChar(" ,;"), absl::SkipEmpty())) {
    std::cmatch match;
    CommentPlace place;
    if (std::regex_match(word.data(), word.data() + word.size(), match, lines)) {
      if (!absl::SimpleAtoi(match[1].str(), &place.first)) place.first = 0;
      if (!match[3].matched || !absl::SimpleAtoi(match[3].str(), &place.last)) place.last = place.first;
      if (place.first < 1 || place.last < place.first)
        return absl::InvalidArgumentError(absl::StrCat("'", word, "' is no line: they are counted from 1"));
      count += place.last - place.first + 1;
    } else if (std::regex_match(word.data(), word.data() + word.size(), match, function)) {
      absl::ConsumeSuffix(&word, "()");
      place.function = word;
      ++functions;
    } else {
      return absl::InvalidArgumentError(absl::StrCat("'", word, "' is neither a line, as 21 or 21-24, nor a function"));
    }
    places.push_back(place);
  }
  if (places.empty()) return absl::InvalidArgumentError("no place is named: lines, as 21 or 21-24, or a function");
  if (count > kMostLinesOfComment || functions > kMostFunctions) {
    return absl::InvalidArgumentError(absl::StrCat("that is too much to be about a place; name at most ",
                                                   kMostLinesOfComment, " lines and ", kMostFunctions, " functions"));
  }
  return places;
}

std::string PlacesText(const std::vector<CommentPlace>& places) {
  return absl::StrJoin(places, " ", [](std::string* text, const CommentPlace& place) {
    if (!place.function.empty()) {
      absl::StrAppend(text, place.function);
    } else {
      absl::StrAppend(text, place.first, place.last == place.first ? "" : absl::StrCat("-", place.last));
    }
  });
}

std::vector<int> LinesAtFault(const Card& card) {
  const std::string header = ReadFile(card.After()).value_or("");
  std::vector<int> lines;
  int number = 0;
  for (std::string_view line : absl::StrSplit(header, '\n')) {
    ++number;
    const auto& at_fault = card.change->lines;
    if (std::find(at_fault.begin(), at_fault.end(), absl::StripAsciiWhitespace(line)) != at_fault.end())
      lines.push_back(number);
  }
  return lines;
}

GradedAnswer GradeOf(const Answer& answer, const Card& card) {
  GradedAnswer graded;
  graded.answer = answer;
  graded.is_faulty = card.change->is_faulty;
  if (!graded.is_faulty) return graded;
  graded.fault_class = card.change->fault_class;
  const std::vector<int> lines = LinesAtFault(card);
  graded.found =
      !answer.approves && std::any_of(answer.places.begin(), answer.places.end(),
                                      [&](const CommentPlace& place) { return IsAtFault(place, card, lines); });
  graded.named = graded.found && IsNamed(*card.change, answer.fault_class);
  return graded;
}

}  // namespace racelab
