#include "sanitizers/review/class_report.h"

#include <md4c-html.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sanitizers/participant/csv.h"
#include "sanitizers/participant/markdown.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

constexpr size_t kTopics = 3;  // to discuss next

std::string Brier(const Score& score) { return score.brier ? absl::StrFormat("%.2f", *score.brier) : "–"; }

// Escapes text from an untrusted file for use in a Markdown table or paragraph.
std::string EscapedForMarkdown(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>|&").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c == '\n' || c == '\r' ? ' ' : c;
  }
  return escaped;
}

std::string MarkdownRow(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) absl::StrAppend(&row, " ", cell, " |");
  return row + "\n";
}

}  // namespace

void ClassReport::Add(const std::string& reviewer, GradedAnswer answer) {
  auto found =
      std::find_if(reviewers_.begin(), reviewers_.end(), [&](const Reviewer& known) { return known.name == reviewer; });
  if (found == reviewers_.end()) found = reviewers_.insert(reviewers_.end(), {reviewer, {}});
  found->answers.push_back(std::move(answer));
}

std::vector<ClassReport::OfChange> ClassReport::Hardest() const {
  std::vector<OfChange> changes;
  for (const Card& card : cards_) changes.push_back({&card, {}, {}});
  for (const Reviewer& reviewer : reviewers_) {
    for (const GradedAnswer& graded : reviewer.answers) {
      for (OfChange& change : changes) {
        if (change.card->Id() != graded.answer.change) continue;
        change.right.Count(graded.IsRight());
        if (!graded.answer.approves && !graded.answer.fault_class.empty()) ++change.classes[graded.answer.fault_class];
      }
    }
  }
  std::sort(changes.begin(), changes.end(), [](const OfChange& a, const OfChange& b) {
    const int left = a.right.part * b.right.of, right = b.right.part * a.right.of;
    return left != right ? left < right : a.card->Id() < b.card->Id();
  });
  return changes;
}

std::string ClassReport::Markdown() const {
  std::string text = absl::StrCat("# Review of ", cards_.size(), cards_.size() == 1 ? " change" : " changes", " by ",
                                  reviewers_.size(), reviewers_.size() == 1 ? " reviewer\n\n" : " reviewers\n\n");
  absl::StrAppend(&text,
                  MarkdownRow({"reviewer", "found", "named", "false alarms", "precision", "recall", "F1", "Brier"}),
                  MarkdownRow({"---", "---", "---", "---", "---", "---", "---", "---"}));
  const auto add = [&text](const std::string& name, const Score& score) {
    text += MarkdownRow({name, racelab::Text(score.found), racelab::Text(score.named), racelab::Text(score.alarms),
                         Percent(score.Precision()), Percent(score.Recall()), Percent(score.F1()), Brier(score)});
  };
  for (const Reviewer& reviewer : reviewers_) add(EscapedForMarkdown(reviewer.name), ScoreOf(reviewer.answers));
  add("*one run of ThreadSanitizer*", ScoreOfDetector(cards_, Tool::kThreadSanitizer));
  add("*every interleaving*", ScoreOfDetector(cards_, Tool::kInterleave));

  const std::vector<OfChange> hardest = Hardest();
  absl::StrAppend(&text, "\n## The changes, the hardest first\n\n",
                  MarkdownRow({"change", "truth", "right", "classes that were named"}),
                  MarkdownRow({"---", "---", "---", "---"}));
  for (const OfChange& change : hardest) {
    std::string classes;
    for (const auto& [name, count] : change.classes)
      absl::StrAppend(&classes, classes.empty() ? "" : ", ", name, " (", count, ")");
    text += MarkdownRow({change.card->Id(), change.card->change->is_faulty ? change.card->change->fault_class : "sound",
                         racelab::Text(change.right), classes});
  }

  std::string topics, beliefs;
  size_t count = 0;
  for (const OfChange& change : hardest) {
    const Change& what = *change.card->change;
    if (change.right.of == 0 || change.right.part == change.right.of) continue;
    const int wrong = change.right.of - change.right.part;
    if (what.is_faulty && 2 * wrong >= change.right.of) {
      absl::StrAppend(&beliefs, "- ", EscapedForMarkdown(what.misconception), " (", change.card->Id(), ": ", wrong,
                      " of ", change.right.of, ")\n");
    }
    if (count++ == kTopics) break;
    absl::StrAppend(&topics, "- **", EscapedForMarkdown(what.title), "** (", change.card->Id(),
                    what.is_faulty ? "): missed by " : "): rejected by ", wrong, " of ", change.right.of, ". ",
                    EscapedForMarkdown(what.why), " The lab: `racelab show ",
                    change.card->lab->alias.empty() ? change.card->lab->name : change.card->lab->alias, "`.\n");
  }
  if (!beliefs.empty())
    absl::StrAppend(&text, "\n## Misconceptions that half of the class or more may share\n\n", beliefs);
  if (!topics.empty()) absl::StrAppend(&text, "\n## What to talk about next\n\n", topics);
  return text;
}

std::string ClassReport::Text(int columns) const { return RenderMarkdown(Markdown(), columns); }

std::string ClassReport::Html() const {
  std::string body;
  const std::string markdown = Markdown();
  const auto append = [](const char* text, MD_SIZE size, void* to) {
    static_cast<std::string*>(to)->append(text, size);
  };
  md_html(markdown.data(), static_cast<MD_SIZE>(markdown.size()), append, &body, MD_FLAG_TABLES | MD_FLAG_NOHTML, 0);
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Review</title>\n"
      "<style>body{font-family:sans-serif;max-width:60em;margin:2em auto}table{border-collapse:collapse}"
      "td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left}</style>\n",
      body, "</html>\n");
}

std::string ClassReport::Csv() const {
  std::string text = CsvText({"reviewer", "change", "truth", "verdict", "where", "class", "sure", "right", "named"});
  for (const Reviewer& reviewer : reviewers_) {
    for (const GradedAnswer& graded : reviewer.answers) {
      const Answer& answer = graded.answer;
      text += CsvText({reviewer.name, answer.change, graded.is_faulty ? graded.fault_class : "sound",
                       answer.approves ? "approve" : "request changes", PlacesText(answer.places), answer.fault_class,
                       absl::StrCat(answer.sure), graded.IsRight() ? "yes" : "no", graded.named ? "yes" : "no"});
    }
  }
  return text;
}

nlohmann::ordered_json ClassReport::Json() const {
  nlohmann::ordered_json reviewers = nlohmann::ordered_json::array(), changes = nlohmann::ordered_json::array();
  for (const Reviewer& reviewer : reviewers_) {
    nlohmann::ordered_json json = {{"reviewer", reviewer.name}, {"answers", reviewer.answers.size()}};
    json.update(ToJson(ScoreOf(reviewer.answers)));
    reviewers.push_back(json);
  }
  for (const OfChange& change : Hardest()) {
    changes.push_back({{"change", change.card->Id()},
                       {"truth", change.card->change->is_faulty ? change.card->change->fault_class : "sound"},
                       {"right", change.right.part},
                       {"answers", change.right.of},
                       {"classes", change.classes}});
  }
  return {{"reviewers", reviewers},
          {"changes", changes},
          {"thread_sanitizer", ToJson(ScoreOfDetector(cards_, Tool::kThreadSanitizer))},
          {"every_interleaving", ToJson(ScoreOfDetector(cards_, Tool::kInterleave))}};
}

}  // namespace racelab
