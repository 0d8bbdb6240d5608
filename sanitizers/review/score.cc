#include "sanitizers/review/score.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

std::optional<double> Share(const Tally& part) {
  if (part.of == 0) return std::nullopt;
  return static_cast<double>(part.part) / part.of;
}

// "  found     3 of 4   rejected, at a line or in a function that is at fault"
std::string ScoreRow(std::string_view name, const std::string& value, std::string_view what, int columns) {
  constexpr int kName = 12, kValue = 10;
  return absl::StrCat("  ", Pad(name, kName), Paint(Colour::kBold, Pad(value, kValue)),
                      Wrap(what, columns - 1, kName + kValue + 2, kName + kValue + 2), "\n");
}

// `text` right-aligned in `columns` columns.
std::string AtRight(const std::string& text, int columns) {
  return absl::StrCat(std::string(static_cast<size_t>(std::max(0, columns - Columns(text))), ' '), text);
}

std::string DetectorRow(std::string_view name, const std::string& precision, const std::string& recall,
                        const std::string& f1) {
  return absl::StrCat("  ", Pad(name, 29), AtRight(precision, 11), AtRight(recall, 10), AtRight(f1, 8), "\n");
}

std::string DetectorRow(std::string_view name, const Score& score) {
  return DetectorRow(name, Percent(score.Precision()), Percent(score.Recall()), Percent(score.F1()));
}

nlohmann::ordered_json JsonOf(const Tally& part) { return {{"part", part.part}, {"of", part.of}}; }

nlohmann::ordered_json JsonOf(std::optional<double> value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

}  // namespace

std::optional<double> Score::Precision() const { return Share({found.part, rejected}); }

std::optional<double> Score::Recall() const { return Share(found); }

std::optional<double> Score::F1() const {
  const std::optional<double> precision = Precision(), recall = Recall();
  if (!precision || !recall) return std::nullopt;
  const double sum = *precision + *recall;
  return sum == 0 ? 0 : 2 * *precision * *recall / sum;
}

Score ScoreOf(const std::vector<GradedAnswer>& answers) {
  Score score;
  double squares = 0;
  for (const GradedAnswer& graded : answers) {
    const Answer& answer = graded.answer;
    if (!answer.approves) ++score.rejected;
    if (graded.is_faulty) {
      score.found.Count(graded.found);
      score.found_by_class[graded.fault_class].Count(graded.found);
      if (graded.found) score.named.Count(graded.named);
      if (graded.found && answer.shown) score.shown.Count(*answer.shown);
      if (graded.found && answer.removed) score.removed.Count(*answer.removed);
    } else {
      score.alarms.Count(!answer.approves);
    }
    score.right_when_sure[answer.sure / 10 * 10].Count(graded.IsRight());
    squares += std::pow(answer.sure / 100.0 - (graded.IsRight() ? 1 : 0), 2);
  }
  if (!answers.empty()) score.brier = squares / static_cast<double>(answers.size());
  return score;
}

Score ScoreOfDetector(const std::vector<Card>& cards, Tool tool) {
  Score score;
  for (const Card& card : cards) {
    const bool found = IsFoundBy(*card.change, tool);
    score.rejected += found ? 1 : 0;
    if (card.change->is_faulty) {
      score.found.Count(found);
      score.found_by_class[card.change->fault_class].Count(found);
    } else {
      score.alarms.Count(found);
    }
  }
  return score;
}

std::string Text(const Tally& part) {
  return part.of == 0 ? std::string(Dash()) : absl::StrCat(part.part, " of ", part.of);
}

std::string Percent(std::optional<double> share) {
  return share ? absl::StrFormat("%.0f %%", 100 * *share) : std::string(Dash());
}

std::string ScoreText(const std::vector<GradedAnswer>& answers, const std::vector<Card>& cards, int columns) {
  std::vector<GradedAnswer> unprompted, prompted;
  for (const GradedAnswer& graded : answers) (graded.answer.is_prompted ? prompted : unprompted).push_back(graded);
  const Score score = ScoreOf(unprompted), again = ScoreOf(prompted);
  std::string text = absl::StrCat(
      ScoreRow("found", Text(score.found), "faulty changes, rejected at a right line or function", columns),
      ScoreRow("named", Text(score.named), "of these, by the right class", columns),
      ScoreRow("shown", Text(score.shown), "of those tried, by an interleaving that fails", columns),
      ScoreRow("removed", Text(score.removed), "of those tried, by a repair that is clean", columns),
      ScoreRow("false alarm", Text(score.alarms), "sound changes that were rejected", columns));
  if (!prompted.empty())
    absl::StrAppend(&text,
                    ScoreRow("prompted", Text(again.found), "of the missed ones, once a fault was known", columns));
  absl::StrAppend(&text, "\n", Paint(Colour::kBold, DetectorRow("on these changes", "precision", "recall", "F1")),
                  DetectorRow("you", score),
                  DetectorRow("one run of ThreadSanitizer", ScoreOfDetector(cards, Tool::kThreadSanitizer)),
                  DetectorRow("every interleaving", ScoreOfDetector(cards, Tool::kInterleave)));
  if (score.brier) {
    std::string sure = absl::StrFormat("Brier score %.2f (0 is best, 0.25 a guess).", *score.brier);
    std::string_view separator = " Sure to ";
    for (const auto& [percent, right] : score.right_when_sure)
      absl::StrAppend(&sure, std::exchange(separator, "; to "), percent, " %: right ", Text(right));
    absl::StrAppend(&text, "\n  ", Wrap(sure, columns - 1, 2, 2), ".\n");
  }
  std::string classes;
  for (const auto& [name, found] : score.found_by_class) {
    absl::StrAppend(&classes, classes.empty() ? "Found by class: " : ", ", name, " ", Text(found));
  }
  if (!classes.empty()) absl::StrAppend(&text, "  ", Wrap(classes, columns - 1, 2, 2), ".\n");
  return text;
}

nlohmann::ordered_json ToJson(const Score& score) {
  nlohmann::ordered_json sure = nlohmann::ordered_json::object(), classes = nlohmann::ordered_json::object();
  for (const auto& [percent, right] : score.right_when_sure) sure[absl::StrCat(percent)] = JsonOf(right);
  for (const auto& [name, found] : score.found_by_class) classes[name] = JsonOf(found);
  return {{"found", JsonOf(score.found)},
          {"named", JsonOf(score.named)},
          {"shown", JsonOf(score.shown)},
          {"removed", JsonOf(score.removed)},
          {"false_alarms", JsonOf(score.alarms)},
          {"rejected", score.rejected},
          {"precision", JsonOf(score.Precision())},
          {"recall", JsonOf(score.Recall())},
          {"f1", JsonOf(score.F1())},
          {"brier", JsonOf(score.brier)},
          {"right_when_sure", sure},
          {"found_by_class", classes}};
}

}  // namespace racelab
