// racelab start [LAB]: makes a copy of the lab's class for the participant to repair.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sanitizers/participant/commands.h"
#include "sanitizers/participant/own_copy.h"
#include "sanitizers/participant/tour.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/schedule_text.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

struct StartOptions {
  std::string lab;
  bool edit = false;
};

Lab LabToStart(const Everything& all, const std::string& name) {
  if (!name.empty()) return Require(FindLab(all.labs, name));
  const Lab* next = NextLab(all.labs, LoadRecord(all.project).value_or(Record()).current);
  if (next == nullptr) {
    std::puts("All labs are solved. `racelab list` names them.");
    throw CLI::Success();
  }
  Lab lab = *next;
  lab.called = lab.ShownName();
  return lab;
}

// Replaces this process by the participant's editor.
[[noreturn]] void Edit(const std::string& file) {
  const std::string editor = UsersEditor();
  if (editor.empty()) {
    std::fputs("racelab: neither VISUAL nor EDITOR is set; which editor is to be opened?\n", stderr);
    Exit(kMisuse);
  }
  const std::string command = absl::StrCat("exec ", editor, " ", Quoted(file));
  std::fflush(stdout);
  execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
  std::perror("racelab: the editor cannot be opened");
  Exit(kMisuse);
}

// Whether the shell finds a program of this name.
bool IsOnPath(std::string_view name) {
  const char* path = std::getenv("PATH");
  const std::vector<std::string> folders = absl::StrSplit(path == nullptr ? "" : path, ':');
  return std::any_of(folders.begin(), folders.end(), [name](const std::filesystem::path& folder) {
    std::error_code ignored;
    return std::filesystem::exists(folder / name, ignored);
  });
}

void Start(const StartOptions& options) {
  const Everything all;
  const Lab lab = LabToStart(all, options.lab);
  const std::filesystem::path mine = OwnCopy(all.project, lab);
  const std::string shown = Shown(all.project, mine);
  const absl::StatusOr<bool> made = MakeOwnCopy(all.project, lab);
  if (!made.ok()) {
    ReportError(made.status());
    Exit(kWrong);
  }
  NoteStarted(all.project, lab);
  std::printf("%s: level %d of 5, about %d minutes\n", Paint(Colour::kBold, lab.title).c_str(), lab.level, lab.minutes);
  std::printf(*made ? "%s is yours to repair.\n" : "%s already exists, and was left as it is.\n", shown.c_str());
  if (options.edit) Edit(mine.string());
  std::printf("the story:                     racelab show %s\n", lab.called.c_str());
  std::printf("a verdict each time you save:  racelab watch %s\n", lab.called.c_str());
}

}  // namespace

void AddStart(CLI::App& racelab) {
  auto options = std::make_shared<StartOptions>();
  CLI::App* command = racelab.add_subcommand("start", "Make your own copy of a lab's class, to repair");
  command->add_option("LAB", options->lab, "The lab; default: the next one that you have not solved");
  command->add_flag("--edit", options->edit, "Open it in your editor, $VISUAL or $EDITOR");
  command->callback([options] { Start(*options); });
}

void ShowTour() {
  const Everything all;
  const std::string current = LoadRecord(all.project).value_or(Record()).current;
  std::fputs(Tour(Require(LoadTracks(all.project)), all.labs, current).c_str(), stdout);
  if (!IsOnPath("racelab")) {
    const std::string folder = std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
    std::printf("\nYour shell does not find racelab yet:\n  export PATH=%s:$PATH\n", Quoted(folder).c_str());
  }
}

}  // namespace racelab
