#include "sanitizers/racelab/suggest.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace racelab {

int EditDistance(std::string_view a, std::string_view b) {
  const int rows = static_cast<int>(a.size()) + 1, columns = static_cast<int>(b.size()) + 1;
  std::vector<std::vector<int>> distance(rows, std::vector<int>(columns));
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < columns; ++j) {
      if (i == 0 || j == 0) {
        distance[i][j] = i + j;
        continue;
      }
      distance[i][j] = std::min(
          {distance[i - 1][j] + 1, distance[i][j - 1] + 1, distance[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        distance[i][j] = std::min(distance[i][j], distance[i - 2][j - 2] + 1);
      }
    }
  }
  return distance[rows - 1][columns - 1];
}

absl::StatusOr<std::string> Complete(std::string_view what, std::string_view typed,
                                     const std::vector<std::string>& names, std::string_view otherwise) {
  std::vector<std::string> begun, near;
  for (const std::string& name : names) {
    if (name == typed) return name;
    if (!typed.empty() && absl::StartsWith(name, typed)) begun.push_back(name);
    if (EditDistance(name, typed) <= 1 + static_cast<int>(name.size()) / 5) near.push_back(name);
  }
  if (begun.size() == 1) return begun.front();

  std::string message = absl::StrCat("no ", what, " '", typed, "'");
  if (!begun.empty() || !near.empty()) {
    absl::StrAppend(&message, "; did you mean ", absl::StrJoin(begun.empty() ? near : begun, " or "), "?");
  } else if (!otherwise.empty()) {
    absl::StrAppend(&message, "; ", otherwise);
  } else {
    absl::StrAppend(&message, "; there are: ", absl::StrJoin(names, ", "));
  }
  return absl::NotFoundError(message);
}

}  // namespace racelab
