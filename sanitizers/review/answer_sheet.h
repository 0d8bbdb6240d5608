#ifndef RACELAB_SANITIZERS_REVIEW_ANSWER_SHEET_H_
#define RACELAB_SANITIZERS_REVIEW_ANSWER_SHEET_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/review/answer.h"
#include "sanitizers/review/deck.h"

namespace racelab {

// The answers of a class, or of one reviewer, as a file of comma-separated values (RFC 4180; semicolons as separators
// and a byte order mark, which spreadsheets write, are also accepted). The first row names the columns:
//
//   reviewer  who it is; if empty, the file's name stands for it
//   deck      "all-3f2a91cc": the deck and its version, as the export has written it
//   change    "forgetful_counter/largest_value"
//   verdict   "approve" or "request changes"
//   where     lines after the change and functions: "21 24-26 Total"; for "request changes"
//   class     one of kFaultClasses, its number or its beginning; may be empty
//   sure      50 to 100, in percent
//
// A row without a verdict is a change that was not answered.
struct AnswerSheet {
  struct Row {
    std::string reviewer;
    Answer answer;
    int line = 0;  // in the file, from 1
  };
  std::string deck;  // the name of the deck that the rows are about
  std::vector<Row> rows;
  std::vector<std::string> problems;  // rows left out: "answers.csv:7: ...", "answers.csv:2-9: ..."
};

// Reads the rows that can be graded. InvalidArgument if the file lacks these columns or a deck, NotFound if it cannot
// be read.
absl::StatusOr<AnswerSheet> ReadAnswerSheet(const std::vector<Lab>& labs, const std::filesystem::path& file);

// "all-3f2a91cc"
std::string NameWithVersion(const Deck& deck);

// A sheet to fill in, with a row for each change.
std::string EmptySheet(const Deck& deck, const std::vector<Card>& cards);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_ANSWER_SHEET_H_
