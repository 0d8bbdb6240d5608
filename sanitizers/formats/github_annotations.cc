#include <cstddef>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sanitizers/formats/formats.h"
#include "sanitizers/formats/utf8.h"

namespace racelab {
namespace {

constexpr size_t kMostShown = 10;  // annotations of one kind in a step

std::string Escaped(std::string_view text) {
  return absl::StrReplaceAll(text, {{"%", "%25"}, {"\r", "%0D"}, {"\n", "%0A"}});
}

std::string Property(std::string_view text) {
  return absl::StrReplaceAll(text, {{"%", "%25"}, {"\r", "%0D"}, {"\n", "%0A"}, {":", "%3A"}, {",", "%2C"}});
}

std::string Annotation(const Finding& finding) {
  std::string properties = absl::StrCat("title=", Property(finding.rule->title));
  std::string message = finding.message;
  if (const Place* place = PlaceInSources(finding); place != nullptr) {
    const std::string line = place->line > 0 ? absl::StrCat(",line=", place->line) : "";
    properties = absl::StrCat("file=", Property(place->file), line, ",", properties);
  }
  for (const Place& place : finding.places) absl::StrAppend(&message, "\n", FileAndLine(place), ": ", place.text);
  absl::StrAppend(&message, "\nWhat removes it: ", finding.rule->repair);
  return absl::StrCat("::", Name(finding.rule->severity) == "note" ? "notice" : Name(finding.rule->severity), " ",
                      properties, "::", Escaped(message), "\n");
}

}  // namespace

std::string GitHubAnnotations(const Findings& findings) {
  std::string text;
  const size_t count = findings.all.size();
  const size_t shown = count <= kMostShown ? count : kMostShown - 1;
  for (size_t i = 0; i < shown; ++i) text += Annotation(findings.all[i]);
  if (shown < count)
    absl::StrAppend(&text, "::error title=racelab::", count - shown, " more were found: see the log\n");
  const size_t notes = findings.notes.size();
  const size_t shown_notes = notes <= kMostShown ? notes : kMostShown - 1;
  for (size_t i = 0; i < shown_notes; ++i)
    absl::StrAppend(&text, "::warning title=racelab::", Escaped(findings.notes[i]), "\n");
  if (shown_notes < notes)
    absl::StrAppend(&text, "::warning title=racelab::", notes - shown_notes, " more notes: see the log\n");
  return Utf8(text);
}

}  // namespace racelab
