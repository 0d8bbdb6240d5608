#include "sanitizers/participant/own_copy.h"

#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/record.h"

namespace racelab {

namespace fs = std::filesystem;

void AddChoice(CLI::App* command, Choice& choice, bool with_variant) {
  command->add_option("LAB", choice.lab, "The lab; default: the one that you worked on last");
  if (with_variant) {
    command->add_option("VARIANT", choice.variant, "mine, the default; or lab, mutex, atomic, message, ...");
  }
}

Lab ChosenLab(const Everything& all, const Choice& choice) {
  std::string name = choice.lab;
  if (name.empty()) name = LoadRecord(all.project).value_or(Record()).current;
  if (name.empty()) {
    std::fputs("racelab: you have not begun a lab yet; `racelab start` begins the first one\n", stderr);
    Exit(kMisuse);
  }
  Lab lab = Require(FindLab(all.labs, name));
  if (choice.lab.empty()) lab.called = lab.ShownName();
  return lab;
}

std::string ChosenVariant(const Lab& lab, const Choice& choice) {
  return Require(FindVariant(lab, choice.variant.empty() ? std::string(kMineVariant) : choice.variant));
}

std::string ChosenVariantOrLab(const Lab& lab, const Choice& choice) {
  return choice.variant.empty() && !lab.HasOwn() ? std::string(kLabVariant) : ChosenVariant(lab, choice);
}

fs::path OwnCopy(const Project& project, const Lab& lab) {
  const bool started = fs::exists(lab.mine / lab.subject);
  return (started ? lab.mine : project.Workspace() / lab.called) / lab.subject;
}

absl::StatusOr<bool> MakeOwnCopy(const Project& project, const Lab& lab) {
  const fs::path mine = OwnCopy(project, lab);
  std::error_code ignored;
  if (fs::is_regular_file(mine, ignored)) return false;
  if (fs::exists(mine, ignored))
    return absl::FailedPreconditionError(absl::StrCat(Shown(project, mine), " is no file; move it away"));
  const absl::StatusOr<std::string> original = ReadFile(lab.folder / lab.subject);
  if (!original.ok()) return original.status();
  fs::create_directories(mine.parent_path(), ignored);
  if (absl::Status made = ReplaceFile(mine, *original); !made.ok()) return made;
  return true;
}

std::string UsersEditor() {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    const char* editor = std::getenv(name);
    if (editor != nullptr && *editor != '\0') return editor;
  }
  return "";
}

std::string Shown(const Project& project, const fs::path& path) { return fs::relative(path, project.root).string(); }

}  // namespace racelab
