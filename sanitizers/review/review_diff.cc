#include "sanitizers/review/review_diff.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

constexpr int kNumber = 5;  // columns for a line's number, and for the mark after it
constexpr int kMark = 2;

// Splits a line into pieces of at most `columns` columns, at blanks if possible. Source lines are ASCII.
std::vector<std::string> Pieces(const std::string& text, int columns) {
  std::vector<std::string> pieces;
  const size_t width = static_cast<size_t>(std::max(columns, 20));
  const size_t indent = std::min(text.find_first_not_of(' '), width / 2);
  std::string rest = text;
  while (rest.size() > width) {
    size_t at = rest.rfind(' ', width);
    if (at == std::string::npos || at <= indent + width / 3) at = width;
    pieces.push_back(rest.substr(0, at));
    rest = std::string(indent + 4, ' ') + rest.substr(rest[at] == ' ' ? at + 1 : at);
  }
  pieces.push_back(rest);
  return pieces;
}

Colour ColourOf(char kind) { return kind == '+' ? Colour::kGreen : kind == '-' ? Colour::kRed : Colour::kNone; }

// Which lines are shown: the changed ones, and `context` lines around each.
std::vector<bool> ShownLines(const std::vector<DiffLine>& diff, int context) {
  std::vector<bool> shown(diff.size());
  for (std::ptrdiff_t i = 0; i < std::ssize(diff); ++i) {
    if (diff[static_cast<size_t>(i)].kind == ' ') continue;
    const auto begin = std::max<std::ptrdiff_t>(0, i - context), end = std::min(std::ssize(diff), i + context + 1);
    std::fill(shown.begin() + begin, shown.begin() + end, true);
  }
  return shown;
}

std::string GapRow() { return Paint(Colour::kDim, absl::StrCat("    ", Ellipsis())); }

// "   21 + text", in several rows if necessary; only blanks if there is no line.
std::vector<std::string> RowsOfLine(const DiffLine* line, int number, int columns, bool with_mark) {
  std::vector<std::string> rows;
  if (line == nullptr) return rows;
  for (const std::string& piece : Pieces(line->text, columns - kNumber - kMark)) {
    const std::string shown =
        rows.empty() && number > 0 ? absl::StrFormat("%*d", kNumber - 1, number) : std::string(kNumber - 1, ' ');
    const char mark = with_mark || line->kind != ' ' ? line->kind : ' ';
    rows.push_back(absl::StrCat(Paint(Colour::kDim, shown), " ",
                                Paint(ColourOf(line->kind), absl::StrCat(std::string(1, mark), " ", piece))));
  }
  return rows;
}

}  // namespace

std::vector<std::string> UnifiedRows(const std::vector<DiffLine>& diff, int columns, int context) {
  std::vector<std::string> rows;
  const std::vector<bool> shown = ShownLines(diff, context);
  for (size_t i = 0; i < diff.size(); ++i) {
    if (!shown[i]) continue;
    if (i > 0 && !shown[i - 1]) rows.push_back(GapRow());
    for (std::string& row : RowsOfLine(&diff[i], diff[i].after, columns, true)) rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::string> SideBySideRows(const std::vector<DiffLine>& diff, int columns, int context) {
  std::vector<std::string> rows;
  const std::vector<bool> shown = ShownLines(diff, context);
  const int half = (columns - 3) / 2;
  const auto add = [&](const DiffLine* left, const DiffLine* right) {
    const std::vector<std::string> before = RowsOfLine(left, left == nullptr ? 0 : left->before, half, false);
    const std::vector<std::string> after = RowsOfLine(right, right == nullptr ? 0 : right->after, half, false);
    for (size_t row = 0; row < std::max(before.size(), after.size()); ++row) {
      const std::string text = row < before.size() ? before[row] : "";
      const int pad = std::max(0, half - VisibleColumns(text));
      rows.push_back(absl::StrCat(text, std::string(static_cast<size_t>(pad), ' '), Paint(Colour::kDim, " | "),
                                  row < after.size() ? after[row] : ""));
    }
  };
  for (size_t i = 0; i < diff.size();) {
    if (!shown[i]) {
      ++i;
      continue;
    }
    if (i > 0 && !shown[i - 1]) rows.push_back(GapRow());
    if (diff[i].kind == ' ') {
      add(&diff[i], &diff[i]);
      ++i;
      continue;
    }
    // Removed lines are shown next to the lines that replace them.
    size_t removed = i;
    while (removed < diff.size() && diff[removed].kind == '-') ++removed;
    size_t added = removed;
    while (added < diff.size() && diff[added].kind == '+') ++added;
    for (size_t k = 0; k < std::max(removed - i, added - removed); ++k)
      add(i + k < removed ? &diff[i + k] : nullptr, removed + k < added ? &diff[removed + k] : nullptr);
    i = added;
  }
  return rows;
}

}  // namespace racelab
