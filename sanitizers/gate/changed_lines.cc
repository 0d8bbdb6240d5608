#include "sanitizers/gate/changed_lines.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "sanitizers/process/child.h"

namespace racelab {
namespace {

// The number of lines that a hunk removes: 3 for "@@ -12,3 +14,2 @@".
int Removed(std::string_view header) {
  absl::ConsumePrefix(&header, "@@ -");
  const std::vector<std::string_view> parts = absl::StrSplit(header.substr(0, header.find(' ')), ',');
  int count = 1;
  return parts.size() > 1 && absl::SimpleAtoi(parts[1], &count) ? count : 1;
}

}  // namespace

absl::StatusOr<ChangedLines> ChangedLines::Since(const std::string& revision, const std::string& root) {
  ChildSpec spec;
  // Overrides the user's configuration of prefixes.
  spec.argv = {"git",
               "-c",
               "core.quotePath=false",
               "diff",
               "--unified=0",
               "--relative",
               "--no-color",
               "--no-ext-diff",
               "--src-prefix=a/",
               "--dst-prefix=b/",
               "--merge-base",
               revision,
               "--"};
  spec.directory = root;
  spec.limits.output_bytes = int64_t{1} << 30;
  // First the changes of the branch, as in a pull request; if that fails, as in a shallow checkout, the plain
  // difference.
  ChildResult result = RunChild(spec);
  if (result.end == ChildEnd::kExited && result.exit_code != 0) {
    std::erase(spec.argv, "--merge-base");
    result = RunChild(spec);
  }
  if (result.end == ChildEnd::kNotStarted)
    return absl::NotFoundError(absl::StrCat("--diff-base needs git: ", result.note));
  if (result.end != ChildEnd::kExited || result.exit_code != 0)
    return absl::InvalidArgumentError(absl::StrCat("git finds no difference from ", revision, ": ", result.err));
  return Parse(result.out);
}

ChangedLines ChangedLines::Parse(std::string_view diff) {
  ChangedLines changed;
  std::string file;
  int content = 0;  // remaining lines of the hunk, whatever they contain
  for (std::string_view line : absl::StrSplit(diff, '\n')) {
    if (content > 0 && !line.empty() && (line.front() == '+' || line.front() == '-' || line.front() == '\\')) {
      if (line.front() != '\\') --content;
      continue;
    }
    if (absl::ConsumePrefix(&line, "+++ ")) {
      absl::ConsumePrefix(&line, "b/");
      absl::ConsumeSuffix(&line, "\t");  // git appends a tab to a name that contains blanks
      file = std::string(line);
      continue;
    }
    // "@@ -12,3 +14,2 @@ context": lines 14 and 15 of the new file.
    const size_t plus = line.find(" +");
    if (!absl::StartsWith(line, "@@ -") || plus == std::string_view::npos) continue;
    const std::string_view range = line.substr(plus + 2, line.find(' ', plus + 2) - plus - 2);
    const std::vector<std::string_view> parts = absl::StrSplit(range, ',');
    int first = 0, count = 1;
    if (!absl::SimpleAtoi(parts[0], &first) || (parts.size() > 1 && !absl::SimpleAtoi(parts[1], &count))) continue;
    content = count + Removed(line);
    if (count > 0) changed.ranges_[file].emplace_back(first, first + count - 1);
  }
  return changed;
}

bool ChangedLines::Contains(const std::string& file, int line) const {
  const auto known = ranges_.find(file);
  return known != ranges_.end() && std::any_of(known->second.begin(), known->second.end(), [line](const auto& range) {
           return range.first <= line && line <= range.second;
         });
}

}  // namespace racelab
