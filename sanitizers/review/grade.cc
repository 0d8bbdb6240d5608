// racelab review grade ANSWERS...: grades the answers of a class.

#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/review/answer_sheet.h"
#include "sanitizers/review/class_report.h"
#include "sanitizers/review/commands.h"

namespace racelab {
namespace {

struct GradeOptions {
  std::vector<std::string> files;
  bool json = false, csv = false, html = false, markdown = false;
};

void Grade(const GradeOptions& options) {
  const Everything all;
  std::vector<AnswerSheet> sheets;
  std::vector<std::string> problems;
  std::string deck_name;
  for (const std::string& file : options.files) {
    AnswerSheet sheet = Require(ReadAnswerSheet(all.labs, file));
    problems.insert(problems.end(), sheet.problems.begin(), sheet.problems.end());
    if (sheet.rows.empty()) continue;
    if (deck_name.empty()) deck_name = sheet.deck;
    if (sheet.deck != deck_name) {
      problems.push_back(
          absl::StrCat(file, ": is about the deck ", sheet.deck, ", the files before about ", deck_name));
      continue;
    }
    sheets.push_back(std::move(sheet));
  }
  for (const std::string& problem : problems) std::fprintf(stderr, "racelab: %s\n", problem.c_str());
  if (sheets.empty()) {
    std::fputs("racelab: there is no answer to grade\n", stderr);
    Exit(kWrong);
  }

  const Deck deck = Require(FindDeck(all.labs, deck_name));
  std::set<std::string> answered;
  for (const AnswerSheet& sheet : sheets) {
    for (const AnswerSheet::Row& row : sheet.rows) answered.insert(row.answer.change);
  }
  std::vector<Card> asked;
  for (const Card& card : deck.cards) {
    if (answered.contains(card.Id())) asked.push_back(card);
  }
  ClassReport report(std::move(asked));
  for (const AnswerSheet& sheet : sheets) {
    for (const AnswerSheet::Row& row : sheet.rows)
      report.Add(row.reviewer, GradeOf(row.answer, *deck.Find(row.answer.change)));
  }
  const std::string text = options.json       ? report.Json().dump(2) + "\n"
                           : options.csv      ? report.Csv()
                           : options.html     ? report.Html()
                           : options.markdown ? report.Markdown()
                                              : report.Text(SizeOfScreen().columns);
  std::fputs(text.c_str(), stdout);
  if (!problems.empty()) Exit(kWrong);
}

}  // namespace

void AddReviewGrade(CLI::App& review) {
  auto options = std::make_shared<GradeOptions>();
  CLI::App* command = review.add_subcommand("grade", "Grade the answers of a class");
  command->add_option("ANSWERS", options->files, "Files that began as answers.csv of an export")->required();
  CLI::Option_group* form = command->add_option_group("as");
  form->add_flag("--json", options->json, "Print JSON");
  form->add_flag("--csv", options->csv, "Print a row for each answer");
  form->add_flag("--html", options->html, "Print a page");
  form->add_flag("--markdown", options->markdown, "Print Markdown");
  form->require_option(0, 1);
  command->footer(
      "Exits with 0 if every row was graded, 1 if one was left out (which, and why, is on standard error).");
  command->callback([options] { Grade(*options); });
}

}  // namespace racelab
