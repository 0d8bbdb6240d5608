#include "sanitizers/racelab/project.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

bool IsProject(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder / "labs", ignored) &&
         fs::is_regular_file(folder / "sanitizers/cmake/lab.cmake", ignored);
}

// The nearest folder, from `start` upwards, that is a project; empty if there is none.
fs::path ProjectAbove(fs::path start) {
  for (;; start = start.parent_path()) {
    if (IsProject(start)) return start;
    if (!start.has_relative_path()) return {};
  }
}

}  // namespace

absl::StatusOr<Project> FindProject() {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  if (!error) {
    if (fs::path root = ProjectAbove(here); !root.empty()) return Project{root};
  }
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    if (fs::path root = ProjectAbove(program.parent_path()); !root.empty()) return Project{root};
  }
  return absl::NotFoundError(
      absl::StrCat("no Race Lab here: neither ", here.string(),
                   " nor a folder above it has labs/ and sanitizers/. Change into your checkout."));
}

absl::StatusOr<Project> FindProjectOrInstallation() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path prefix = program.parent_path().parent_path();
  if (!error && fs::is_regular_file(prefix / kInstalledRuntime / "libtsan.so.2", error))
    return Project{.root = prefix, .is_installed = true};
  return FindProject();
}

absl::StatusOr<std::string> ReadFile(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return absl::NotFoundError(absl::StrCat(path.string(), ": is a folder"));
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return absl::NotFoundError(absl::StrCat(path.string(), ": cannot be read"));
  return text;
}

std::string SourceLine(const fs::path& path, int line) {
  std::ifstream source(path);
  std::string text;
  for (int i = 0; i < line; ++i) {
    if (!std::getline(source, text)) return "";
  }
  return std::string(absl::StripAsciiWhitespace(text));
}

std::string InShort(const Project& project, std::string_view text) {
  return absl::StrReplaceAll(text, {{absl::StrCat(project.root.string(), "/"), ""}});
}

bool IsBelow(std::string_view path, const fs::path& folder) {
  return absl::StartsWith(path, absl::StrCat(folder.string(), "/"));
}

std::vector<fs::path> SortedEntries(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> entries;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace racelab
