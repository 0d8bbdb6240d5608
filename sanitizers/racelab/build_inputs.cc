#include "sanitizers/racelab/build_inputs.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

struct Input {
  std::string identity;  // while it stays the same, so does the content
  std::string hash;      // of the content
};
using Inputs = std::map<std::string, Input>;  // by path

std::int64_t Nanoseconds(const timespec& time) { return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec; }

// For a symbolic link, identifies its target.
std::string IdentityOf(const struct stat& file) {
  return absl::StrCat(file.st_dev, "-", file.st_ino, "-", file.st_size, "-", Nanoseconds(file.st_mtim));
}

// Each line holds an identity, a hash and a path.
Inputs ReadNote(const fs::path& note) {
  Inputs inputs;
  const std::string text = ReadFile(note).value_or("");
  for (const std::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits(' ', 2));
    if (parts.size() == 3) inputs[parts[2]] = {parts[0], parts[1]};
  }
  return inputs;
}

void ForEachSource(const Project& project, const std::function<void(const fs::path&)>& use) {
  std::error_code ignored;
  for (const fs::path& folder : {project.Labs(), project.Solutions(), project.Tests(), project.Workspace()}) {
    const auto options = fs::directory_options::skip_permission_denied;
    for (auto entry = fs::recursive_directory_iterator(folder, options, ignored);
         entry != fs::recursive_directory_iterator(); entry.increment(ignored)) {
      const fs::path extension = entry->path().extension();
      if (extension == ".h" || extension == ".cc") use(entry->path());
    }
  }
}

}  // namespace

absl::Status NoteInputs(const Project& project, const fs::path& tree) {
  const fs::path note = tree / ".racelab.inputs";
  struct stat noted = {};
  const bool is_noted = stat(note.c_str(), &noted) == 0;
  const Inputs before = ReadNote(note);
  absl::Status status;
  std::string text;
  ForEachSource(project, [&](const fs::path& path) {
    struct stat file = {};
    if (stat(path.c_str(), &file) != 0 || !S_ISREG(file.st_mode)) return;
    const auto known = before.find(path.string());
    Input input = known == before.end() ? Input() : known->second;
    if (input.identity != IdentityOf(file)) {
      const std::string hash =
          absl::StrCat(absl::Hex(std::hash<std::string>{}(ReadFile(path).value_or("")), absl::kZeroPad16));
      const bool is_older = is_noted && Nanoseconds(file.st_mtim) <= Nanoseconds(noted.st_mtim);
      if (std::exchange(input.hash, hash) != hash && known != before.end() && is_older) {
        if (utimensat(AT_FDCWD, path.c_str(), nullptr, 0) != 0 || stat(path.c_str(), &file) != 0) {
          status = absl::FailedPreconditionError(absl::StrCat(
              path.string(), " has changed, but is older than what was built from it, and its time cannot be changed; ",
              "make a copy of it in its place"));
        }
      }
      input.identity = IdentityOf(file);
    }
    absl::StrAppend(&text, input.identity, " ", input.hash, " ", path.string(), "\n");
  });
  if (!status.ok()) return status;
  // If nothing can be written here, the build fails too, and reports the reason.
  const fs::path unfinished = absl::StrCat(note.string(), ".new");
  std::error_code ignored;
  if (std::ofstream(unfinished, std::ios::binary) << text) fs::rename(unfinished, note, ignored);
  return absl::OkStatus();
}

}  // namespace racelab
