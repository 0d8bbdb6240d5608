// racelab show LAB: the lab's story and task, the paths of its files, and as many hints as requested.

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

struct ShowOptions {
  std::string lab;
  int hints = 0;
  bool solutions = false;
};

void Show(const ShowOptions& options) {
  const Everything all;
  const Lab lab = Require(FindLab(all.labs, options.lab));
  if (options.hints > 0) {
    const int count = options.hints;
    if (count > static_cast<int>(lab.hints.size())) {
      std::fprintf(stderr, "racelab: %s has %zu hints, not %d\n", lab.called.c_str(), lab.hints.size(), count);
      Exit(kMisuse);
    }
    for (int i = 0; i < count; ++i) {
      std::printf("%s %s\n", Paint(Colour::kBold, absl::StrCat("hint ", i + 1, ":")).c_str(),
                  Wrap(lab.hints[i], 70, 8).c_str());
    }
    if (count < static_cast<int>(lab.hints.size())) {
      std::printf("%s\n",
                  Paint(Colour::kDim, absl::StrCat("more: racelab show ", lab.called, " --hints ", count + 1)).c_str());
    }
    return;
  }

  std::fputs(Require(ReadFile(lab.folder / "README.md")).c_str(), stdout);
  const auto field = [](std::string_view name, std::string_view value) {
    std::printf("%s%s\n", Pad(name, 10).c_str(), Wrap(value, 68, 10).c_str());
  };
  std::printf("\n%s\n", Paint(Colour::kDim, std::string(72, '-')).c_str());
  field("lab",
        absl::StrCat(lab.called, ", ", lab.track, ": level ", lab.level, " of 5, about ", lab.minutes, " minutes"));
  field("program", (std::filesystem::relative(lab.folder, all.project.root) / "main.cc").string());
  field("class", (std::filesystem::relative(lab.folder, all.project.root) / lab.subject).string());
  field("tests", std::filesystem::relative(lab.tests, all.project.root).string());
  if (!lab.solved && !options.solutions) {
    field("solutions",
          absl::StrCat("shown here once `racelab verify ", lab.called, " --fix mine` says clean; or with --solutions"));
    return;
  }
  std::vector<std::string> fixes;
  for (const std::string& variant : lab.variants) {
    if (variant != kMineVariant && lab.ExpectationOf(variant) == nullptr) fixes.push_back(variant);
  }
  field("bug", lab.name);
  field("fixes", absl::StrJoin(fixes, ", "));
  field("solutions", std::filesystem::relative(lab.solutions, all.project.root).string());
  field("known as", absl::StrJoin(lab.ids, ", "));
}

}  // namespace

void AddShow(CLI::App& racelab) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = racelab.add_subcommand("show", "Show a lab's story and task, and its hints");
  command->add_option("LAB", options->lab, "The lab")->required();
  command->add_option("--hints", options->hints, "Show the first N hints, from a question to almost the answer")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  command->add_flag("--solutions", options->solutions, "Name the bug and its fixes, solved or not");
  command->callback([options] { Show(*options); });
}

}  // namespace racelab
