#include "sanitizers/gate/finding_screen.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

constexpr int kAround = 1;  // lines of source on each side

// Truncates a line to `columns`. Replaces bytes that would move the cursor, which source may contain, with blanks.
std::string Fitted(std::string text, int columns) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  if (Columns(text) <= columns) return text;
  const std::string dots = "...";
  while (!text.empty() && Columns(text) + Columns(dots) > columns) {
    do text.pop_back();
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80);
  }
  // The rest may end in the first byte of a character.
  if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0xC0) text.pop_back();
  return text + dots;
}

// One place of the finding as lines of limited width; `marked` is the index of the relevant line.
struct Party {
  std::vector<std::string> lines;
  size_t marked = std::string::npos;
};

Party PartyOf(const Place& place, const std::string& root, int columns) {
  Party party;
  if (!place.text.empty()) {
    for (std::string_view line : absl::StrSplit(Wrap(place.text, columns, 2), '\n')) party.lines.emplace_back(line);
  }
  if (!place.function.empty()) party.lines.push_back(Fitted(absl::StrCat("in ", place.function), columns));
  if (!place.file.empty()) {
    // The end of a path says more than its beginning.
    std::string where = FileAndLine(place);
    if (Columns(where) > columns) where = absl::StrCat("...", where.substr(where.size() - columns + 3));
    party.lines.push_back(where);
  }
  const SourceLines source = ReadAround(root, place, kAround);
  size_t indentation = std::string::npos;
  for (const std::string& line : source.lines) indentation = std::min(indentation, line.find_first_not_of(" \t"));
  for (size_t i = 0; i < source.lines.size(); ++i) {
    const int number = source.first + static_cast<int>(i);
    const bool is_it = number == place.line;
    if (is_it) party.marked = party.lines.size();
    const std::string text = source.lines[i].size() <= indentation ? "" : source.lines[i].substr(indentation);
    const std::string last = absl::StrCat(source.first + static_cast<int>(source.lines.size()) - 1);
    const std::string digits = absl::StrCat(number);
    const std::string blanks(last.size() - digits.size(), ' ');
    party.lines.push_back(Fitted(absl::StrCat(is_it ? "> " : "  ", blanks, digits, "  ", text), columns));
  }
  return party;
}

std::string Painted(const Party& party, size_t line) {
  if (line >= party.lines.size()) return "";
  return line == party.marked ? Paint(Colour::kCode, party.lines[line]) : party.lines[line];
}

// Two parties are shown side by side, any other number one below the other.
std::string Parties(const Finding& finding, const std::string& root, int columns) {
  constexpr int kIndent = 2, kGap = 3;
  std::string text;
  const bool two = finding.places.size() == 2;
  const int width = two ? (columns - kIndent - kGap) / 2 : columns - kIndent;
  std::vector<Party> parties;
  for (const Place& place : finding.places) parties.push_back(PartyOf(place, root, width));
  if (!two) {
    for (const Party& party : parties) {
      for (size_t i = 0; i < party.lines.size(); ++i) absl::StrAppend(&text, "  ", Painted(party, i), "\n");
    }
    return text;
  }
  // Align the places, even if the texts above them differ in length.
  const size_t rows = std::max(parties[0].lines.size(), parties[1].lines.size());
  for (size_t i = 0; i < rows; ++i) {
    const std::string left = i < parties[0].lines.size() ? parties[0].lines[i] : "";
    const std::string blanks(std::max(0, width - Columns(left)) + kGap, ' ');
    const std::string right = Painted(parties[1], i);
    absl::StrAppend(&text, "  ", Painted(parties[0], i), right.empty() ? "" : blanks, right, "\n");
  }
  return text;
}

// A paragraph indented by two columns.
std::string Indented(std::string_view text, int columns) { return absl::StrCat("  ", Wrap(text, columns, 2, 2)); }

}  // namespace

std::string FindingScreen(const Finding& finding, const std::string& root) {
  const int columns = std::max(40, SizeOfScreen().columns);
  const std::string times = finding.count > 1 ? absl::StrCat(" (", finding.count, " times)") : "";
  // The object of a hang is the process.
  const std::string_view preposition = finding.rule->id == "deadlock" || finding.rule->id == "hang" ? " in " : " on ";
  const std::string on =
      finding.object.empty() || finding.places.empty() ? "" : absl::StrCat(preposition, finding.object);
  const bool has_places = !finding.places.empty();
  const std::string headline = has_places ? absl::StrCat(finding.rule->title, on) : finding.message;
  std::string text =
      absl::StrCat(Paint(Colour::kRed, Wrap(absl::StrCat(CrossMark(), " ", headline, times), columns, 2)), "\n",
                   Indented(finding.rule->meaning, columns), "\n\n");
  if (has_places) absl::StrAppend(&text, Parties(finding, root, columns), "\n");
  if (!finding.background.empty())
    absl::StrAppend(&text, Indented(absl::StrJoin(finding.background, " "), columns), "\n\n");
  absl::StrAppend(&text, Indented(absl::StrCat("Usual cause: ", finding.rule->cause), columns), "\n",
                  Indented(absl::StrCat("What removes it: ", finding.rule->repair), columns), "\n");
  for (const std::string& doubt : finding.doubts)
    absl::StrAppend(&text, Paint(Colour::kYellow, Indented(absl::StrCat("Real, or a false alarm? ", doubt), columns)),
                    "\n");
  if (!finding.flow.empty() && !finding.details.empty()) absl::StrAppend(&text, "  ", finding.details, "\n");
  const std::string lab =
      finding.rule->lab.empty() ? "" : absl::StrCat("; `racelab start ", finding.rule->lab, "` teaches it");
  absl::StrAppend(&text, Paint(Colour::kDim, absl::StrCat("  fingerprint ", finding.fingerprint, lab)), "\n");
  return text;
}

}  // namespace racelab
