#ifndef RACELAB_SANITIZERS_RACELAB_PROJECT_H_
#define RACELAB_SANITIZERS_RACELAB_PROJECT_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace racelab {

// Where the second runtime is in an installation.
inline constexpr char kInstalledRuntime[] = "lib/racelab";

// A checkout of Race Lab, and where its parts are.
struct Project {
  std::filesystem::path root;
  bool is_installed = false;  // an installation made by `make install`, not a checkout: there are no labs

  std::filesystem::path Labs() const { return root / "labs"; }
  std::filesystem::path Solutions() const { return root / "solutions"; }
  std::filesystem::path Tests() const { return root / "tests"; }
  std::filesystem::path Workspace() const { return root / "workspace"; }
  // The build tree of a preset of CMakePresets.json.
  std::filesystem::path Tree(std::string_view preset) const { return root / "build" / preset; }
};

// The project that contains the current folder; otherwise the one in which this program was built. NotFound if neither
// exists.
absl::StatusOr<Project> FindProject();

// For commands that need no labs: the installation that this program belongs to; otherwise FindProject().
absl::StatusOr<Project> FindProjectOrInstallation();

// The whole text of a file; NotFound, with its name, if it cannot be read.
absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path);

// Line number `line` of a file, counted from 1, without surrounding blanks; empty if there is none.
std::string SourceLine(const std::filesystem::path& path, int line);

// The text with the project's folder removed from paths: readers know where the project is.
std::string InShort(const Project& project, std::string_view text);

// Whether an absolute path leads to something in the folder, at any depth.
bool IsBelow(std::string_view path, const std::filesystem::path& folder);

// The contents of a folder, sorted; nothing if it cannot be read.
std::vector<std::filesystem::path> SortedEntries(const std::filesystem::path& folder);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_PROJECT_H_
