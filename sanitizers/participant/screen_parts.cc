#include "sanitizers/participant/screen_parts.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace racelab {

size_t LinesIn(std::string_view text, int columns) { return static_cast<size_t>(RowsOf(text, columns)); }

std::string FirstRows(std::string_view text, int rows, int columns) {
  size_t kept = 0, kept_above_mark = 0;  // characters
  const bool has_room = rows > 0;        // for the mark
  while (kept < text.size()) {
    if (rows > 0) kept_above_mark = kept;
    const std::string_view line = text.substr(kept, text.find('\n', kept) - kept);
    rows -= RowsOf(absl::StrCat(line, "\n"), columns);
    if (rows < 0) break;
    kept += std::min(line.size() + 1, text.size() - kept);  // The last line may have no end.
  }
  if (!has_room || absl::StripAsciiWhitespace(text.substr(kept)).empty()) return std::string(text.substr(0, kept));
  return absl::StrCat(text.substr(0, kept_above_mark), "  ", Paint(Colour::kDim, Ellipsis()), "\n");
}

std::string KeysText(const std::vector<std::string_view>& keys, int columns) {
  std::string text;
  int column = 0;
  for (const std::string_view key : keys) {
    const bool fits = column + 2 + Columns(key) <= columns;
    absl::StrAppend(&text, text.empty() ? "" : fits ? "  " : "\n", key);
    column = (fits && column > 0 ? column + 2 : 0) + Columns(key);
  }
  return text;
}

std::string Paragraph(Colour colour, std::string_view text, int columns) {
  std::string lines;
  for (std::string_view line : absl::StrSplit(Wrap(text, columns - 1, 2, 2), '\n'))
    absl::StrAppend(&lines, lines.empty() ? "  " : "", Paint(colour, line), "\n");
  return lines;
}

std::string Cut(std::string_view text, size_t count, int columns) {
  std::string kept;
  std::vector<std::string_view> lines = absl::StrSplit(text, '\n');
  for (std::string_view line : lines) {
    if (LinesIn(kept, columns) == count) break;
    std::string part(line);
    const bool is_long = Columns(part) > columns - 3;
    while (Columns(part) > columns - (is_long ? 6 : 3)) {
      do part.pop_back();
      while (!part.empty() && (part.back() & 0xC0) == 0x80);
    }
    if (is_long) part += "...";
    absl::StrAppend(&kept, absl::StartsWith(part, "  ") ? "" : "  ", part, "\n");
  }
  return kept;
}

}  // namespace racelab
