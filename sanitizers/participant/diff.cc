// racelab diff [LAB [VARIANT]]: what the participant has changed; with a variant, how their own class differs from it.

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sanitizers/participant/commands.h"
#include "sanitizers/participant/diff.h"
#include "sanitizers/participant/own_copy.h"
#include "sanitizers/participant/pager.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {

std::string DiffOf(const Project& project, const std::filesystem::path& from, const std::filesystem::path& to) {
  ChildSpec spec;
  spec.directory = project.root.string();
  const std::string before = Shown(project, from), after = Shown(project, to);
  // Labels replace the file times that diff would print, which mean nothing here.
  spec.argv = {"diff", "-u", "--label", before, "--label", after, "--", before, after};
  const ChildResult result = RunChild(spec);
  if (result.end != ChildEnd::kExited || result.exit_code > 1)
    return absl::StrCat("racelab: diff failed: ", result.note, result.err, "\n");
  std::string text;
  for (std::string_view line : absl::StrSplit(result.out, '\n')) {
    const Colour colour = absl::StartsWith(line, "---") || absl::StartsWith(line, "+++") ? Colour::kBold
                          : absl::StartsWith(line, "+")                                  ? Colour::kGreen
                          : absl::StartsWith(line, "-")                                  ? Colour::kRed
                          : absl::StartsWith(line, "@@")                                 ? Colour::kDim
                                                                                         : Colour::kNone;
    absl::StrAppend(&text, Paint(colour, line), "\n");
  }
  text.pop_back();
  return text;
}

namespace {

void Diff(const Choice& choice) {
  const Everything all;
  const Lab lab = ChosenLab(all, choice);
  ChosenVariant(lab, {});
  const bool with_original = choice.variant.empty() || choice.variant == kMineVariant;
  const std::string variant = with_original ? std::string(kLabVariant) : ChosenVariant(lab, choice);
  const std::string text = DiffOf(all.project, lab.HeaderOf(variant), OwnCopy(all.project, lab));
  if (text.empty()) std::printf("Your %s is the same.\n", lab.subject.c_str());
  PrintPaged(text);
}

}  // namespace

void AddDiff(CLI::App& racelab) {
  auto choice = std::make_shared<Choice>();
  CLI::App* command = racelab.add_subcommand("diff", "Show what you have changed, or how yours differs from a fix");
  AddChoice(command, *choice);
  command->callback([choice] { Diff(*choice); });
}

}  // namespace racelab
