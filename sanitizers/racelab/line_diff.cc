#include "sanitizers/racelab/line_diff.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

absl::StatusOr<std::vector<DiffLine>> DiffLines(const std::filesystem::path& before,
                                                const std::filesystem::path& after) {
  ChildSpec spec;
  spec.argv = {"diff", "-U1000000", "--label=a", "--label=b", "--", before.string(), after.string()};
  const ChildResult result = RunChild(spec);
  if (result.end != ChildEnd::kExited || result.exit_code > 1)
    return absl::InternalError(absl::StrCat("diff failed: ", result.note, result.err));

  std::vector<DiffLine> diff;
  int first = 0, second = 0;
  const auto add = [&](char kind, std::string_view text) {
    diff.push_back({kind, kind == '+' ? 0 : ++first, kind == '-' ? 0 : ++second, std::string(text)});
  };
  if (result.exit_code == 0) {  // They are equal, and diff prints nothing.
    const absl::StatusOr<std::string> text = ReadFile(before);
    if (!text.ok()) return text.status();
    for (std::string_view line : absl::StrSplit(*text, '\n')) add(' ', line);
    if (!diff.empty() && diff.back().text.empty()) diff.pop_back();
    return diff;
  }
  bool inside = false;
  for (std::string_view line : absl::StrSplit(result.out, '\n')) {
    if (absl::StartsWith(line, "@@")) {
      inside = true;
    } else if (inside && !line.empty() && line[0] != '\\') {
      add(line[0], line.substr(1));
    }
  }
  return diff;
}

int ChangedLines(const std::vector<DiffLine>& diff) {
  return static_cast<int>(
      std::count_if(diff.begin(), diff.end(), [](const DiffLine& line) { return line.kind != ' '; }));
}

}  // namespace racelab
