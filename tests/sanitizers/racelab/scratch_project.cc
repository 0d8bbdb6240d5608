#include "tests/sanitizers/racelab/scratch_project.h"

#include <stdlib.h>

#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace racelab {

namespace fs = std::filesystem;

ChildSpec RacelabCommand(std::vector<std::string> arguments, std::string directory) {
  ChildSpec spec;
  spec.argv = {absl::StrCat(RACELAB_BUILD_DIR, "/bin/racelab")};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  spec.directory = std::move(directory);
  spec.limits.time = absl::Minutes(20);
  spec.limits.memory_bytes = int64_t{16} << 30;
  return spec;
}

ScratchProject::ScratchProject() {
  std::string folder = absl::StrCat(RACELAB_BUILD_DIR, "/scratch.XXXXXX");
  if (mkdtemp(folder.data()) == nullptr) ADD_FAILURE() << "cannot make a folder in " << RACELAB_BUILD_DIR;
  project_.root = folder;
  for (const char* part : {"labs", "solutions", "tests", "sanitizers", "CMakeLists.txt", "CMakePresets.json"}) {
    fs::copy(fs::path(RACELAB_SOURCE_DIR) / part, project_.root / part, fs::copy_options::recursive);
  }
  fs::create_directory(project_.root / "build");
  fs::create_directory_symlink(fs::path(RACELAB_BUILD_DIR) / "deps", project_.root / "build/deps");
}

ScratchProject::~ScratchProject() {
  std::error_code ignored;
  fs::remove_all(project_.root, ignored);
}

void ScratchProject::Write(std::string_view path, std::string_view text) const {
  fs::create_directories((*this / path).parent_path());
  std::ofstream(*this / path) << text;
}

std::string ScratchProject::Read(std::string_view path) const { return *ReadFile(*this / path); }

void ScratchProject::Replace(std::string_view path, std::string_view from, std::string_view to) const {
  std::string text = Read(path);
  const size_t position = text.find(from);
  ASSERT_NE(position, std::string::npos) << path << " has no '" << from << "'";
  Write(path, text.replace(position, from.size(), to));
}

void ScratchProject::ShareRuntime() const {
  for (const char* part : {"native", "lib"}) {
    fs::create_directory_symlink(fs::path(RACELAB_BUILD_DIR) / part, project_.root / "build" / part);
  }
}

ChildResult ScratchProject::Racelab(std::vector<std::string> arguments) const {
  return RunChild(RacelabCommand(std::move(arguments), project_.root.string()));
}

}  // namespace racelab
