#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sanitizers/formats/formats.h"
#include "sanitizers/formats/utf8.h"

namespace racelab {
namespace {

constexpr size_t kMostRows = 20;
constexpr size_t kMostDetails = 3000;  // bytes, each
constexpr size_t kMostInCell = 1000;
constexpr size_t kMostBytes = 60'000;  // in total; a comment on GitHub holds 65,536

// Escapes text for a table cell: bars and line ends would end the cell, and text must not be read as markup.
std::string Cell(std::string_view text) {
  return absl::StrReplaceAll(text,
                             {{"|", "\\|"}, {"\n", " "}, {"<", "&lt;"}, {"*", "\\*"}, {"_", "\\_"}, {"`", "\\`"}});
}

// For text between backticks.
std::string Code(std::string_view text) { return absl::StrReplaceAll(text, {{"`", "'"}, {"\n", " "}}); }

// Lists the reasons to suspect a false alarm.
std::string Listed(const std::vector<std::string>& doubts) {
  std::string text;
  for (const std::string& doubt : doubts) absl::StrAppend(&text, "\nReal, or a false alarm? ", Cell(doubt), "\n");
  return text;
}

}  // namespace

std::string Markdown(const Findings& findings) {
  const size_t count = findings.all.size();
  std::string text = absl::StrCat("### ",
                                  count == 0 ? (findings.cannot_tell ? "racelab cannot tell" : "racelab found nothing")
                                             : absl::StrCat("racelab: ", count, count == 1 ? " finding" : " findings"),
                                  "\n\n");
  if (!findings.command.empty()) absl::StrAppend(&text, "`", Code(FirstBytes(findings.command, kMostInCell)), "`\n\n");
  if (count > 0) {
    text += "| what | where | times |\n| --- | --- | ---: |\n";
    size_t rows = 0;
    for (; rows < count && rows < kMostRows && text.size() < kMostBytes / 2; ++rows) {
      const Finding& finding = findings.all[rows];
      std::string where;
      for (const Place& place : finding.places) {
        if (place.file.empty()) continue;
        if (where.size() > kMostInCell) break;  // a hang of a hundred threads
        absl::StrAppend(&where, where.empty() ? "" : "<br>", Cell(FileAndLine(place)));
      }
      absl::StrAppend(&text, "| ", Cell(FirstBytes(finding.message, kMostInCell)), " | ", where, " | ", finding.count,
                      " |\n");
    }
    if (count > rows) absl::StrAppend(&text, "\nand ", count - rows, " more.\n");
    for (size_t i = 0; i < rows && text.size() + 2 * kMostDetails < kMostBytes; ++i) {
      const Finding& finding = findings.all[i];
      absl::StrAppend(&text, "\n<details><summary>", Cell(finding.rule->title), " ", finding.fingerprint,
                      "</summary>\n\nUsual cause: ", finding.rule->cause, "\n\nWhat removes it: ", finding.rule->repair,
                      "\n", Listed(finding.doubts), "\n````text\n",
                      absl::StrReplaceAll(FirstBytes(finding.details, kMostDetails), {{"````", "'''"}}),
                      "\n````\n</details>\n");
    }
  }
  if (findings.known > 0) absl::StrAppend(&text, "\n", findings.known, " known from the baseline are not shown.\n");
  std::vector<std::string> last;
  for (const std::string& fixed : findings.fixed)
    last.push_back(absl::StrCat("\nNo longer found, and to be removed from the baseline: `", Code(fixed), "`\n"));
  for (const std::string& note : findings.notes) last.push_back(absl::StrCat("\n> ", Cell(note), "\n"));
  size_t shown = 0;
  for (; shown < last.size() && text.size() + last[shown].size() < kMostBytes; ++shown) text += last[shown];
  if (shown < last.size()) absl::StrAppend(&text, "\nand ", last.size() - shown, " more notes.\n");
  return Utf8(text);
}

}  // namespace racelab
