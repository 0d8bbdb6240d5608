// racelab hint [LAB]: prints the next hint, from a question to almost the answer.

#include <algorithm>
#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "sanitizers/participant/commands.h"
#include "sanitizers/participant/own_copy.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

struct HintOptions {
  Choice choice;
  int number = 0;  // 0: the next one
};

void Hint(const HintOptions& options) {
  const Everything all;
  const Lab lab = ChosenLab(all, options.choice);
  const int count = static_cast<int>(lab.hints.size());
  if (options.number > count) {
    std::fprintf(stderr, "racelab: %s has %d hints, not %d\n", lab.called.c_str(), count, options.number);
    Exit(kMisuse);
  }
  const int shown = options.number > 0 ? options.number : std::min(lab.record.hints + 1, count);
  for (int i = 0; i < shown; ++i) {
    std::printf("%s %s\n", Paint(Colour::kBold, absl::StrCat("hint ", i + 1, ":")).c_str(),
                Wrap(lab.hints[static_cast<size_t>(i)], 79, 8, 8).c_str());
  }
  Note(all.project, lab, [shown](LabRecord& record) { record.hints = std::max(record.hints, shown); });
  const std::string more = shown < count
                               ? absl::StrCat(count - shown, count - shown == 1 ? " more is" : " more are",
                                              " left: racelab hint ", lab.called)
                               : absl::StrCat("that was the last one; the solutions: racelab solution ", lab.called);
  std::printf("%s\n", Paint(Colour::kDim, more).c_str());
}

}  // namespace

void AddHint(CLI::App& racelab) {
  auto options = std::make_shared<HintOptions>();
  CLI::App* command = racelab.add_subcommand("hint", "Show the next hint, from a question to almost the answer");
  AddChoice(command, options->choice, /*with_variant=*/false);
  command->add_option("--number", options->number, "Show the first N hints in place of the next one")
      ->type_name("N")
      ->check(CLI::Range(1, 99));
  command->callback([options] { Hint(*options); });
}

}  // namespace racelab
