#include "sanitizers/racelab/finding_files.h"

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "sanitizers/racelab/record.h"
#include "sanitizers/racelab/require.h"

namespace racelab {

void AddFindingFiles(CLI::App& command, FindingFiles& files, const std::string& json) {
  command.add_option("--sarif", files.sarif, "Write SARIF 2.1.0 for code scanning to this file")->type_name("FILE");
  command.add_option("--sarif-category", files.category, "Its name among several of one commit, such as gcc and clang")
      ->type_name("NAME");
  command.add_option("--junit", files.junit, "Write JUnit's XML to this file")->type_name("FILE");
  command.add_option("--markdown", files.markdown, "Write a summary for a pull request to this file")
      ->type_name("FILE");
  command.add_option(json, files.json, "Write everything that was found as JSON to this file")->type_name("FILE");
  command.add_flag("--github", files.github, "Also print annotations for GitHub's log");
}

void WriteWhole(const std::string& path, std::string_view text) {
  if (const absl::Status written = ReplaceFile(path, text); !written.ok()) {
    ReportError(written);
    Exit(kMisuse);
  }
}

void WriteFindingFiles(const FindingFiles& files, const Findings& findings) {
  if (!files.sarif.empty()) WriteWhole(files.sarif, Sarif(findings, files.category));
  if (!files.junit.empty()) WriteWhole(files.junit, JUnit(findings));
  if (!files.markdown.empty()) WriteWhole(files.markdown, Markdown(findings));
  if (!files.json.empty()) WriteWhole(files.json, FindingsJson(findings));
}

}  // namespace racelab
