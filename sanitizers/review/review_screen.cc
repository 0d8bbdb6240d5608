#include "sanitizers/review/review_screen.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "sanitizers/participant/screen_parts.h"
#include "sanitizers/participant/screens.h"
#include "sanitizers/review/review_diff.h"

namespace racelab {
namespace {

constexpr int kWholeFile = 1'000'000;  // lines of context

// Shows how good the reviewer's answer was, and the truth.
std::string TruthBesideAnswer(const Card& card, const GradedAnswer& graded, int columns) {
  const Answer& answer = graded.answer;
  const Change& change = *card.change;
  std::string truth = "sound";
  if (change.is_faulty) {
    std::vector<int> lines = LinesAtFault(card);
    truth = absl::StrCat("faulty: ", change.fault_class, ", in ", absl::StrJoin(change.functions, " and "),
                         lines.size() == 1 ? " (line " : " (lines ", absl::StrJoin(lines, ", "), ")");
  }
  std::string said = "Right: it is ";
  if (!graded.IsRight()) {
    said = answer.is_prompted && answer.approves  ? "It is "
           : change.is_faulty && !answer.approves ? "Rejected, but for another place: it is "
           : change.is_faulty                     ? "Missed: it is "
                                                  : "Rejected, but it is ";
  } else if (change.is_faulty && !answer.fault_class.empty() && !graded.named) {
    said = absl::StrCat("Found, though it is no ", answer.fault_class, ": it is ");
  }
  const bool right = graded.IsRight();
  return absl::StrCat(Paint(right ? Colour::kGreen : Colour::kRed, right ? CheckMark() : CrossMark()), " ",
                      Paint(Colour::kBold, Wrap(absl::StrCat(said, truth, "."), columns - 1, 2, 2)), "\n");
}

std::string FirstLines(std::string_view text, size_t count) {
  const std::vector<std::string_view> lines = absl::StrSplit(text, '\n');
  return absl::StrCat(
      absl::StrJoin(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(std::min(count, lines.size())), "\n"),
      "\n");
}

std::string Labelled(std::string_view label, std::string_view text, int columns) {
  return absl::StrCat("  ", Paint(Colour::kBold, label), " ", Wrap(text, columns - 1, 2, 3 + Columns(label)), "\n");
}

}  // namespace

std::string ChangeScreen(const Card& card, const Round::Next& next, const std::vector<DiffLine>& diff,
                         const ScreenSize& size, int footer, View& view) {
  const std::string where =
      absl::StrCat(card.lab->alias.empty() ? card.lab->name : card.lab->alias, "/", card.lab->subject.string());
  const std::string which = absl::StrCat(next.is_prompted ? "missed change " : "change ", next.number, " of ", next.of);
  std::string text = absl::StrCat(Paint(Colour::kDim, Pad(which, size.columns - 1 - Columns(where))),
                                  Paint(Colour::kDim, where), "\n", Paint(Colour::kBold, card.change->title), "\n");
  if (next.is_prompted) {
    text +=
        Paragraph(Colour::kYellow,
                  "There is a concurrency fault in this one. Which data is shared, and what guards it on every path?",
                  size.columns);
  }
  absl::StrAppend(&text,
                  Paragraph(Colour::kNone, absl::StrReplaceAll(card.change->description, {{"\n", " "}}), size.columns),
                  "\n");

  const bool both = view.side_by_side && size.columns >= kColumnsForBoth;
  const int context = view.whole_file ? kWholeFile : 3;
  const std::vector<std::string> rows =
      both ? SideBySideRows(diff, size.columns - 1, context) : UnifiedRows(diff, size.columns - 1, context);
  const size_t used = LinesIn(text, size.columns) + static_cast<size_t>(footer) + 1;
  const size_t room =
      std::max<size_t>(3, static_cast<size_t>(size.lines) - std::min(used, static_cast<size_t>(size.lines)));
  view.first_row = std::min(view.first_row, rows.size() > room ? rows.size() - room : 0);
  const size_t end = std::min(rows.size(), view.first_row + room);
  for (size_t row = view.first_row; row < end; ++row) absl::StrAppend(&text, rows[row], "\n");
  text += std::string(room - (end - view.first_row), '\n');
  const size_t below = rows.size() - end;
  return absl::StrCat(text,
                      Paint(Colour::kDim, below == 0 && view.first_row == 0 ? ""
                                          : below == 0                      ? "    (end)"
                                                       : absl::StrCat("    (", below, " more rows below)")),
                      "\n");
}

std::string ClassMenu(int columns) {
  std::string text;
  for (size_t i = 0; i < std::size(kFaultClasses); ++i) {
    const FaultClass& known = kFaultClasses[i];
    constexpr int kName = 22;
    absl::StrAppend(&text, "  ", Paint(Colour::kBold, absl::StrCat(i + 1)), "  ", Pad(known.name, kName),
                    Wrap(known.what, columns - 1, kName + 5, kName + 5), "\n");
  }
  return text;
}

std::string AnswerScreen(const Project& project, const Card& card, const GradedAnswer& graded,
                         const absl::StatusOr<Attempt>& verdict, const ScreenSize& size) {
  const Change& change = *card.change;
  std::string text = TruthBesideAnswer(card, graded, size.columns);
  absl::StrAppend(&text, Paragraph(Colour::kNone, change.why, size.columns));
  if (change.is_faulty) {
    absl::StrAppend(&text, Labelled("Behind it:", change.misconception + ".", size.columns),
                    Labelled("A repair:", change.repair + ".", size.columns));
  }
  absl::StrAppend(&text, "\n");
  const size_t used = LinesIn(text, size.columns) + 1;
  const size_t room = static_cast<size_t>(size.lines) - std::min(used, static_cast<size_t>(size.lines) - 6);
  if (!verdict.ok()) {
    const std::string reason = absl::StrCat("The detectors could not be asked: ", verdict.status().message());
    return absl::StrCat(text, FirstLines(Paragraph(Colour::kDim, reason, size.columns), room));
  }
  const bool is_clean = verdict->IsSolved();
  return absl::StrCat(text, is_clean ? ProofText(*verdict, size.columns)
                                     : FirstLines(RefutationText(project, *verdict, room, size.columns), room));
}

}  // namespace racelab
