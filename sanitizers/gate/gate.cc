#include "sanitizers/gate/gate.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sanitizers/findings/baseline.h"
#include "sanitizers/gate/changed_lines.h"
#include "sanitizers/gate/finding_screen.h"
#include "sanitizers/racelab/finding_files.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

Baseline LoadBaseline(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    std::fprintf(stderr, "racelab: cannot read the baseline %s; --write-baseline writes a first one\n", path.c_str());
    Exit(kMisuse);
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  absl::StatusOr<Baseline> baseline = ParseBaseline(text);
  if (!baseline.ok()) {
    std::fprintf(stderr, "racelab: %s: %s\n", path.c_str(), std::string(baseline.status().message()).c_str());
    Exit(kMisuse);
  }
  return *std::move(baseline);
}

// Moves a place in a changed line to the front: a pull request shows a finding only if its first place is in the
// change.
void PutChangedFirst(const ChangedLines& changed, std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    const auto first = std::find_if(finding.places.begin(), finding.places.end(),
                                    [&](const Place& place) { return changed.Contains(place.file, place.line); });
    if (first != finding.places.end()) std::rotate(finding.places.begin(), first, first + 1);
  }
}

void PrintText(const GateOptions& options, const Findings& findings) {
  for (const Finding& finding : findings.all) std::printf("%s\n", FindingScreen(finding, findings.root).c_str());
  for (const std::string& note : findings.notes)
    std::fputs(Wrap(absl::StrCat("note: ", note), SizeOfScreen().columns, 6).append("\n").c_str(), stdout);
  if (findings.known > 0)
    std::printf("%zu known from %s %s not shown\n", findings.known, options.baseline.c_str(),
                findings.known == 1 ? "is" : "are");
  for (const std::string& fixed : findings.fixed)
    std::printf("no longer found, and to be removed from %s:\n  %s\n", options.baseline.c_str(), fixed.c_str());
  int reports = 0;
  for (const Finding& finding : findings.all) reports += finding.count;
  const size_t count = findings.all.size();
  const std::string_view times = findings.known > 0 ? " new" : "";
  if (count == 0 && findings.cannot_tell) {
    std::printf("%s racelab found nothing, but cannot tell\n", std::string(CrossMark()).c_str());
  } else if (count == 0) {
    std::printf("%s racelab found nothing%s\n", std::string(CheckMark()).c_str(), std::string(times).c_str());
  } else {
    std::printf("racelab found %zu%s, in %d report%s\n", count, std::string(times).c_str(), reports,
                reports == 1 ? "" : "s");
  }
}

void Print(const GateOptions& options, const Findings& findings) {
  if (options.format == "json") return void(std::fputs(FindingsJson(findings).c_str(), stdout));
  if (options.format == "sarif") return void(std::fputs(Sarif(findings, options.files.category).c_str(), stdout));
  if (options.format == "junit") return void(std::fputs(JUnit(findings).c_str(), stdout));
  if (options.format == "github") return void(std::fputs(GitHubAnnotations(findings).c_str(), stdout));
  if (options.format == "markdown") return void(std::fputs(Markdown(findings).c_str(), stdout));
  PrintText(options, findings);
  if (options.files.github) std::fputs(GitHubAnnotations(findings).c_str(), stdout);
}

}  // namespace

void AddGateOptions(CLI::App& command, GateOptions& options, bool with_format) {
  if (with_format) {
    command.add_option("--format", options.format, "What to print: text, json, sarif, junit, github or markdown")
        ->check(CLI::IsMember({"text", "json", "sarif", "junit", "github", "markdown"}));
  }
  AddFindingFiles(command, options.files, "--json");
  command.add_option("--baseline", options.baseline, "Known findings, which do not fail");
  command.add_option("--write-baseline", options.new_baseline, "Write all findings as a baseline to this file");
  command.add_option("--fail-on", options.fail_on, "Fail only for these kinds, such as data-race,deadlock")
      ->delimiter(',')
      ->check([](const std::string& id) {
        const auto& rules = AllRules();
        const bool known = std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
        return known ? "" : absl::StrCat("there is no kind of finding \"", id, "\"");
      });
  command.add_option("--max", options.most, "Fail only if there are more findings than this");
  command.add_option("--diff-base", options.diff_base, "Show places first whose lines differ from this revision's");
  command.add_option("--root", options.root, "The folder of the sources; default: the working directory");
}

void CheckGateOptions(GateOptions& options) {
  if (options.root.empty()) options.root = ".";
  std::error_code error;
  const std::filesystem::path root = std::filesystem::canonical(options.root, error);
  if (error) {
    std::fprintf(stderr, "racelab: --root %s: %s\n", options.root.c_str(), error.message().c_str());
    Exit(kMisuse);
  }
  options.root = root.string();
  if (!options.baseline.empty()) LoadBaseline(options.baseline);
  if (!options.diff_base.empty()) Require(ChangedLines::Since(options.diff_base, options.root));
}

ExitCode PassGate(const GateOptions& options, Findings findings) {
  findings.root = options.root;
  // Both may be the same file.
  const Baseline baseline = options.baseline.empty() ? Baseline() : LoadBaseline(options.baseline);
  if (!options.new_baseline.empty()) WriteWhole(options.new_baseline, BaselineText(findings.all));
  findings.known = RemoveKnown(baseline, findings.all, findings.fixed);
  if (!options.diff_base.empty())
    PutChangedFirst(Require(ChangedLines::Since(options.diff_base, options.root)), findings.all);
  Print(options, findings);  // Print first, so that the findings are shown even if a file cannot be written.
  std::fflush(stdout);
  WriteFindingFiles(options.files, findings);
  const auto fails = [&](const Finding& finding) {
    return options.fail_on.empty() ||
           std::find(options.fail_on.begin(), options.fail_on.end(), finding.rule->id) != options.fail_on.end();
  };
  const auto is_always_wrong = [](const Finding& finding) { return IsAlwaysWrong(*finding.rule); };
  if (std::any_of(findings.all.begin(), findings.all.end(), is_always_wrong)) return kWrong;
  const auto failing = std::count_if(findings.all.begin(), findings.all.end(), fails);
  return static_cast<size_t>(failing) > options.most ? kWrong : kRight;
}

}  // namespace racelab
