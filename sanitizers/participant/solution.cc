// racelab solution [LAB [FIX]]: the fixes of a lab, why each suffices and what it costs; or the code of one fix.

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "sanitizers/participant/commands.h"
#include "sanitizers/participant/markdown.h"
#include "sanitizers/participant/own_copy.h"
#include "sanitizers/participant/pager.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

struct SolutionOptions {
  Choice choice;
  bool anyway = false;
};

void Solution(const SolutionOptions& options) {
  const Everything all;
  const Lab lab = ChosenLab(all, options.choice);
  if (!lab.ShowsFixes() && !options.anyway) {
    std::printf("%s is not solved yet. Its solutions, with the bug's name:\n  racelab solution %s --anyway\n",
                lab.called.c_str(), lab.called.c_str());
    Exit(kWrong);
  }
  if (!lab.solved) Note(all.project, lab, [](LabRecord& record) { record.gave_up = true; });
  if (!options.choice.variant.empty()) {
    const std::string fix = ChosenVariant(lab, options.choice);
    PrintPaged(absl::StrCat(Paint(Colour::kBold, Shown(all.project, lab.HeaderOf(fix))), "\n\n",
                            Require(ReadFile(lab.HeaderOf(fix)))));
    return;
  }
  std::string text = RenderMarkdown(Require(ReadFile(lab.solutions / "README.md")), SizeOfScreen().columns);
  absl::StrAppend(&text, "\n", Paint(Colour::kBold, "Their code"), "\n");
  for (const auto& [fix, what] : lab.fixes) {
    absl::StrAppend(&text, "  racelab solution ", Pad(absl::StrCat(lab.called, " ", fix), 28), "  ",
                    Wrap(what, SizeOfScreen().columns - 1, 49, 49), "\n");
  }
  PrintPaged(text);
}

}  // namespace

void AddSolution(CLI::App& racelab) {
  auto options = std::make_shared<SolutionOptions>();
  CLI::App* command =
      racelab.add_subcommand("solution", "Show a lab's fixes: why each suffices, what it costs, its code");
  AddChoice(command, options->choice);
  command->add_flag("--anyway", options->anyway, "Before you have solved the lab, too");
  command->callback([options] { Solution(*options); });
}

}  // namespace racelab
