#include "tests/sanitizers/racelab/scratch_project.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace racelab {

namespace fs = std::filesystem;

namespace {

constexpr const char* kParts[] = {"labs", "solutions", "tests", "sanitizers", "CMakeLists.txt", "CMakePresets.json"};

fs::path SourceOf(const fs::path& part) { return fs::path(RACELAB_SOURCE_DIR) / part; }

bool IsTheSameFile(const fs::path& one, const fs::path& other) {
  const absl::StatusOr<std::string> text = ReadFile(other);
  return text.ok() && *text == ReadFile(one).value_or("") &&
         fs::status(one).permissions() == fs::status(other).permissions();
}

// Makes the checkout in `root` like a fresh one, but for its build trees. What is the same already is left untouched,
// so that nothing is built again that need not be.
void MakeAlike(const fs::path& root) {
  std::set<fs::path> wanted;
  const auto bring = [&](const fs::path& path) {
    wanted.insert(root / path);
    if (fs::is_directory(SourceOf(path))) {
      fs::create_directories(root / path);
    } else if (!IsTheSameFile(SourceOf(path), root / path)) {
      fs::copy_file(SourceOf(path), root / path, fs::copy_options::overwrite_existing);
    }
  };
  for (const char* part : kParts) {
    bring(part);
    if (!fs::is_directory(SourceOf(part))) continue;
    for (const fs::path& path : fs::recursive_directory_iterator(SourceOf(part)))
      bring(path.lexically_relative(RACELAB_SOURCE_DIR));
  }
  std::vector<fs::path> others;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->path() == root / "build") {
      entry.disable_recursion_pending();
    } else if (!wanted.contains(entry->path())) {
      others.push_back(entry->path());
    }
  }
  for (const fs::path& other : others) fs::remove_all(other);
}

// The first of the checkouts in `folder` that no other process has; `lock` keeps it until it is closed.
fs::path TakeCheckout(const fs::path& folder, int& lock) {
  fs::create_directories(folder);
  for (int number = 1;; ++number) {
    const fs::path checkout = folder / absl::StrCat(number);
    lock = open(absl::StrCat(checkout.string(), ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock < 0) {
      ADD_FAILURE() << "cannot make a file in " << folder;
      return checkout;
    }
    if (flock(lock, LOCK_EX | LOCK_NB) == 0) {
      fs::create_directories(checkout);
      return checkout;
    }
    close(lock);
  }
}

}  // namespace

ChildSpec RacelabCommand(std::vector<std::string> arguments, std::string directory) {
  ChildSpec spec;
  spec.argv = {absl::StrCat(RACELAB_BUILD_DIR, "/bin/racelab")};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  spec.directory = std::move(directory);
  spec.limits.time = absl::Minutes(20);
  spec.limits.memory_bytes = int64_t{16} << 30;
  return spec;
}

std::string TextOf(std::string_view path) { return ReadFile(fs::path(RACELAB_SOURCE_DIR) / path).value_or(""); }

ScratchProject::ScratchProject(Checkout checkout) {
  const fs::path build = RACELAB_BUILD_DIR;
  if (checkout == Checkout::kUsed) {
    project_.root = TakeCheckout(build / "scratch", lock_);
    MakeAlike(project_.root);
    fs::create_directories(project_.root / "build");
    for (const char* part : {"deps", "native", "lib"}) {
      if (const fs::path link = project_.root / "build" / part; !fs::is_symlink(link))
        fs::create_directory_symlink(build / part, link);
    }
    return;
  }
  std::string folder = build / "scratch.XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) ADD_FAILURE() << "cannot make a folder in " << build;
  project_.root = folder;
  for (const char* part : kParts) fs::copy(SourceOf(part), project_.root / part, fs::copy_options::recursive);
  fs::create_directory(project_.root / "build");
  fs::create_directory_symlink(build / "deps", project_.root / "build/deps");
}

ScratchProject::~ScratchProject() {
  std::error_code ignored;
  if (lock_ < 0) {
    fs::remove_all(project_.root, ignored);
  } else {
    close(lock_);
  }
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

ChildResult ScratchProject::Racelab(std::vector<std::string> arguments) const {
  return RunChild(RacelabCommand(std::move(arguments), project_.root.string()));
}

}  // namespace racelab
