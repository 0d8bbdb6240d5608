#include "sanitizers/review/answer_sheet.h"

#include <algorithm>
#include <map>
#include <regex>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "sanitizers/participant/csv.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string>& ColumnNames() {
  static const auto& names =
      *new std::vector<std::string>{"reviewer", "deck", "change", "verdict", "where", "class", "sure"};
  return names;
}

// The fields of a row by column name, without surrounding blanks.
using Fields = std::map<std::string, std::string>;

absl::Status ReadVerdict(std::string_view text, Answer& answer) {
  if (absl::EqualsIgnoreCase(text, "approve") || absl::EqualsIgnoreCase(text, "approved")) {
    answer.approves = true;
  } else if (!absl::StartsWithIgnoreCase(text, "request") && !absl::StartsWithIgnoreCase(text, "reject")) {
    return absl::InvalidArgumentError(absl::StrCat("the verdict is '", text, "'; write approve or request changes"));
  }
  return absl::OkStatus();
}

absl::Status ReadSure(std::string_view text, Answer& answer) {
  absl::ConsumeSuffix(&text, "%");
  if (!absl::SimpleAtoi(absl::StripAsciiWhitespace(text), &answer.sure) || answer.sure < 50 || answer.sure > 100)
    return absl::InvalidArgumentError(absl::StrCat("sure is '", text, "'; write 50 (a guess) to 100 (certain)"));
  return absl::OkStatus();
}

bool HasFunction(const std::string& header, const std::string& function) {
  const std::string last = function.substr(function.rfind(':') + 1);
  return std::regex_search(header, std::regex(absl::StrCat(last[0] == '~' ? "" : "\\b", last, "\\s*\\(")));
}

// Whether the header has these lines and functions.
absl::Status CheckPlaces(const std::vector<CommentPlace>& places, const Card& card) {
  const std::string header = ReadFile(card.After()).value_or("");
  const auto lines = std::count(header.begin(), header.end(), '\n');
  const std::string name = card.After().filename().string();
  for (const CommentPlace& place : places) {
    if (place.last > lines)
      return absl::InvalidArgumentError(absl::StrCat("line ", place.last, " is out of range: ", name, " has ", lines));
    if (!place.function.empty() && !HasFunction(header, place.function))
      return absl::InvalidArgumentError(absl::StrCat(name, " has no function ", place.function));
  }
  return absl::OkStatus();
}

absl::StatusOr<Answer> ReadAnswer(const Deck& deck, Fields& fields) {
  Answer answer;
  answer.change = fields["change"];
  const Card* card = deck.Find(answer.change);
  if (card == nullptr)
    return absl::InvalidArgumentError(absl::StrCat("the deck ", deck.name, " has no change '", answer.change, "'"));
  absl::Status status = ReadVerdict(fields["verdict"], answer);
  if (status.ok()) status = ReadSure(fields["sure"], answer);
  if (!status.ok() || answer.approves) return status.ok() ? absl::StatusOr<Answer>(answer) : status;
  absl::StatusOr<std::vector<CommentPlace>> places = ParsePlaces(fields["where"]);
  if (!places.ok()) return places.status();
  if (status = CheckPlaces(*places, *card); !status.ok()) return status;
  answer.places = *std::move(places);
  answer.fault_class = FaultClassOf(fields["class"]);
  if (answer.fault_class.empty() && !fields["class"].empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no class '", fields["class"], "'; README.md in the export names them"));
  }
  return answer;
}

// Rows that cannot be graded, and the reason.
struct BadRows {
  int first = 0, last = 0;  // lines of the file
  std::string what;
};

// Adjacent rows with the same problem are reported together: a file for another version of a deck has it in each row.
void AddBadRow(int line, std::string_view what, std::vector<BadRows>& bad) {
  if (!bad.empty() && bad.back().what == what && bad.back().last + 1 == line) {
    bad.back().last = line;
  } else {
    bad.push_back({line, line, std::string(what)});
  }
}

std::string Text(const BadRows& rows, const fs::path& file) {
  const std::string last = rows.first == rows.last ? "" : absl::StrCat("-", rows.last);
  return absl::StrCat(file.string(), ":", rows.first, last, ": ", rows.what);
}

// The deck named "all-3f2a91cc"; an error if this checkout has another version of it.
absl::StatusOr<Deck> DeckOfThisVersion(const std::vector<Lab>& labs, const std::string& name_with_version) {
  const std::string name = name_with_version.substr(0, name_with_version.rfind('-'));
  if (name.empty()) return absl::NotFoundError("no deck is named");
  absl::StatusOr<Deck> deck = FindDeck(labs, name);
  if (!deck.ok()) return deck;
  const std::string here = NameWithVersion(*deck);
  if (here == name_with_version) return deck;
  return absl::InvalidArgumentError(absl::StrCat("is about the deck ", name_with_version, "; here it is ", here,
                                                 ": grade it with the version of racelab that exported it"));
}

}  // namespace

std::string NameWithVersion(const Deck& deck) { return absl::StrCat(deck.name, "-", deck.Version()); }

std::string EmptySheet(const Deck& deck, const std::vector<Card>& cards) {
  std::string text = CsvText(ColumnNames());
  for (const Card& card : cards) text += CsvText({"", NameWithVersion(deck), card.Id(), "", "", "", ""});
  return text;
}

absl::StatusOr<AnswerSheet> ReadAnswerSheet(const std::vector<Lab>& labs, const fs::path& file) {
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) return absl::NotFoundError(absl::StrCat(file.string(), " is a folder"));
  const absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) return text.status();
  const std::vector<CsvRow> rows = ParseCsv(*text);
  std::vector<std::string> columns;
  if (!rows.empty()) {
    for (const std::string& field : rows[0].fields)
      columns.push_back(absl::AsciiStrToLower(absl::StripAsciiWhitespace(field)));
  }
  for (const std::string& needed : {"deck", "change", "verdict", "where", "sure"}) {
    if (std::find(columns.begin(), columns.end(), needed) != columns.end()) continue;
    return absl::InvalidArgumentError(absl::StrCat(file.string(), ":1: has no column `", needed, "`; the columns are ",
                                                   absl::StrJoin(ColumnNames(), ","),
                                                   ", as in the answers.csv of `racelab review export`"));
  }

  AnswerSheet sheet;
  std::vector<BadRows> bad;
  std::map<std::string, absl::StatusOr<Deck>> decks;  // by name and version
  std::map<std::pair<std::string, std::string>, int> answered;
  for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
    const auto problem = [&](std::string_view what) { AddBadRow(row->line, what, bad); };
    if (row->fields.size() > columns.size()) {
      problem(absl::StrCat("has ", row->fields.size(), " fields, the first row ", columns.size(),
                           "; put a field with a comma in double quotes"));
      continue;
    }
    Fields fields;
    for (size_t i = 0; i < row->fields.size(); ++i)
      fields[columns[i]] = std::string(absl::StripAsciiWhitespace(row->fields[i]));
    const std::string& deck_name = fields["deck"];
    auto known = decks.find(deck_name);
    if (known == decks.end()) known = decks.emplace(deck_name, DeckOfThisVersion(labs, deck_name)).first;
    const absl::StatusOr<Deck>& deck = known->second;
    if (!deck.ok()) {
      problem(deck.status().message());
      continue;
    }
    if (sheet.deck.empty()) sheet.deck = deck->name;
    if (sheet.deck != deck->name) {
      problem(absl::StrCat("is about the deck ", deck->name, ", the rows before about ", sheet.deck));
      continue;
    }
    if (fields["verdict"].empty()) continue;  // not answered
    const std::string reviewer = fields["reviewer"].empty() ? file.stem().string() : fields["reviewer"];
    const absl::StatusOr<Answer> answer = ReadAnswer(*deck, fields);
    if (!answer.ok()) {
      problem(answer.status().message());
      continue;
    }
    const auto [first, is_first] = answered.try_emplace({reviewer, answer->change}, row->line);
    if (!is_first) {
      problem(absl::StrCat("is a second answer of ", reviewer, " for ", answer->change, "; the one in line ",
                           first->second, " counts"));
      continue;
    }
    sheet.rows.push_back({reviewer, *answer, row->line});
  }
  for (const BadRows& rows : bad) sheet.problems.push_back(Text(rows, file));
  return sheet;
}

}  // namespace racelab
