#include "sanitizers/racelab/lab_tables.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "sanitizers/racelab/identifiers.h"

namespace racelab {
namespace {

std::string LinkTo(const Lab& lab, std::string_view folder) {
  return absl::StrCat("[", lab.alias, "](", folder, lab.name, "/README.md)");
}

std::string TsanCell(const Evidence& evidence) {
  if (evidence.IsSilence()) return evidence.test.empty() ? "nothing" : "nothing; a test fails";
  std::vector<std::string_view> kinds;
  for (const ExpectedReport& report : evidence.must) {
    const std::string_view kind = Name(report.kind);
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  return absl::StrJoin(kinds, ", ");
}

std::string InterleaveCell(const ExpectedFailure& failure) { return failure.kind == "none" ? "nothing" : failure.kind; }

}  // namespace

std::string TableOfLabs(const Project& project, const std::vector<Track>& tracks, const std::vector<Lab>& labs) {
  std::vector<std::string> sections;
  for (const Track& track : tracks) {
    const std::string story = absl::StrCat("labs/", track.name, "/README.md");
    const bool has_story = std::filesystem::exists(project.root / story);
    const std::string title = has_story ? absl::StrCat("[", track.title, "](", story, ")") : track.title;
    std::string section = absl::StrCat("**", title, ".** ", track.sentence, "\n\n");
    absl::StrAppend(&section, "| lab | | level | minutes |\n|---|---|---|---|\n");
    for (const Lab& lab : labs) {
      if (lab.track != track.name) continue;
      absl::StrAppend(&section, "| ", LinkTo(lab, absl::StrCat("labs/", track.name, "/")), " | ", lab.title, " | ",
                      lab.level, " | ", lab.minutes, " |\n");
    }
    sections.push_back(std::move(section));
  }
  return absl::StrJoin(sections, "\n");
}

std::string TableOfEvidence(const Project& project, const std::vector<Lab>& labs, const std::string& track) {
  std::string table =
      "| lab | bug | known as | ThreadSanitizer reports | every interleaving shows |\n|---|---|---|---|---|\n";
  for (const Lab& lab : labs) {
    if (lab.track != track) continue;
    const std::string known_as = absl::StrJoin(lab.ids, "<br>", [&](std::string* out, const std::string& id) {
      absl::StrAppend(out, absl::StrReplaceAll(NameOf(project, id), {{"|", "\\|"}, {"<", "&lt;"}}));
    });
    absl::StrAppend(&table, "| ", LinkTo(lab, ""), " | ", lab.name, " | ", known_as, " | ", TsanCell(lab.expect.tsan),
                    " | ", InterleaveCell(lab.expect.interleave), " |\n");
  }
  return table;
}

}  // namespace racelab
