// racelab reset [LAB]: restores the lab's original class, and keeps the participant's own under another name.

#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "sanitizers/participant/commands.h"
#include "sanitizers/participant/own_copy.h"
#include "sanitizers/racelab/require.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

// The first free name for a copy of the file: "session_table.h.1".
fs::path FreeName(const fs::path& file) {
  for (int i = 1;; ++i) {
    const fs::path name = absl::StrCat(file.string(), ".", i);
    if (!fs::exists(name)) return name;
  }
}

void Reset(const Choice& choice) {
  const Everything all;
  const Lab lab = ChosenLab(all, choice);
  const fs::path mine = OwnCopy(all.project, lab);
  ChosenVariant(lab, choice);
  const std::string original = Require(ReadFile(lab.folder / lab.subject));
  if (Require(ReadFile(mine)) == original) {
    std::printf("%s is the original already.\n", Shown(all.project, mine).c_str());
    return;
  }
  // Copies instead of renaming, so that the file exists at every moment.
  const fs::path kept = FreeName(mine);
  std::error_code error;
  fs::copy_file(mine, kept, error);
  const absl::Status replaced =
      error ? absl::InternalError(absl::StrCat(kept.string(), " cannot be written: ", error.message()))
            : ReplaceFile(mine, original);
  if (!replaced.ok()) {
    ReportError(replaced);
    Exit(kWrong);
  }
  std::printf("%s is the original again;\nyour version is kept as %s.\n", Shown(all.project, mine).c_str(),
              Shown(all.project, kept).c_str());
}

}  // namespace

void AddReset(CLI::App& racelab) {
  auto choice = std::make_shared<Choice>();
  CLI::App* command = racelab.add_subcommand("reset", "Put the original back in place of your copy, which is kept");
  AddChoice(command, *choice, /*with_variant=*/false);
  command->callback([choice] { Reset(*choice); });
}

}  // namespace racelab
