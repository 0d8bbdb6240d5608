// racelab show [LAB]: the lab's story and task, and the paths of its files.

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sanitizers/participant/commands.h"
#include "sanitizers/participant/markdown.h"
#include "sanitizers/participant/own_copy.h"
#include "sanitizers/participant/pager.h"
#include "sanitizers/racelab/identifiers.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/tasks.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

void Show(const Choice& choice) {
  const Everything all;
  const Lab lab = ChosenLab(all, choice);
  const int columns = SizeOfScreen().columns;
  const std::string story = Require(ReadFile(lab.folder / "README.md"));
  std::string text = RenderMarkdown(story, columns);
  const auto field = [&](std::string_view name, std::string_view value) {
    absl::StrAppend(&text, Pad(name, 10), Wrap(value, columns - 2, 10, 10), "\n");
  };
  absl::StrAppend(&text, "\n", Paint(Colour::kDim, std::string(static_cast<size_t>(columns) - 8, '-')), "\n");
  field("lab",
        absl::StrCat(lab.called, ", ", lab.track, ": level ", lab.level, " of 5, about ", lab.minutes, " minutes"));
  field("program", Shown(all.project, lab.folder / "main.cc"));
  field("class", Shown(all.project, lab.folder / lab.subject));
  field("tests", Shown(all.project, lab.tests));
  if (!EditsIn(story).empty())
    field("edits", absl::StrCat("of the task change these files; git restore ", Shown(all.project, lab.folder),
                                " takes them back"));
  if (lab.solved) {
    std::vector<std::string> fixes;
    for (const auto& [fix, what] : lab.fixes) fixes.push_back(fix);
    field("bug", lab.name);
    field("fixes", absl::StrJoin(fixes, ", "));
    field("solutions", Shown(all.project, lab.solutions));
    for (const std::string& id : lab.ids) field(&id == &lab.ids.front() ? "known as" : "", NameOf(all.project, id));
  } else {
    field("solutions", absl::StrCat("shown here once `racelab check ", lab.called, "` says solved"));
  }
  PrintPaged(text);
}

}  // namespace

void AddShow(CLI::App& racelab) {
  auto choice = std::make_shared<Choice>();
  CLI::App* command = racelab.add_subcommand("show", "Show a lab's story and task");
  AddChoice(command, *choice, /*with_variant=*/false);
  command->callback([choice] { Show(*choice); });
}

}  // namespace racelab
