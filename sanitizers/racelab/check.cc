// racelab check: is each lab complete, and does its README show what its program does?

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/completeness.h"
#include "sanitizers/racelab/program.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/verdict/child.h"

namespace racelab {
namespace {

// Runs a variant's program: the lab's must print what README.md shows and end wrong, a fix's must end right.
void CheckProgram(const Project& project, const Lab& lab, const std::string& variant, std::vector<std::string>& gaps) {
  const std::string main = (std::filesystem::relative(lab.folder, project.root) / "main.cc").string();
  const ChildResult result = RunProgram(project, lab, variant);
  if (result.end == ChildEnd::kInterrupted) Exit(kInterrupted);
  const bool right = result.end == ChildEnd::kExited && result.exit_code == 0;
  if (variant != kLabVariant) {
    if (!right) {
      gaps.push_back(absl::StrCat(main, ": ends wrong (", result.end == ChildEnd::kExited ? "1" : EndOfProgram(result),
                                  ") with the fix ", variant, "; it must show the right result then"));
    }
    return;
  }
  if (right)
    gaps.push_back(absl::StrCat(main, ": ended right with the bug in it; it must show the bug each time it is run"));
  const std::string shown = ReadOpening(ReadFile(lab.folder / "README.md").value_or("")).output;
  const std::string printed = absl::StrCat(result.out, result.err, EndOfProgram(result));
  if (!EqualButFor(lab.varies, shown, printed)) {
    gaps.push_back(
        absl::StrCat((std::filesystem::relative(lab.folder, project.root) / "README.md").string(),
                     ": shows another output than the program prints; put this there, or say in lab.toml under "
                     "[run] what `varies`:\n",
                     printed));
  }
}

// A participant's own may not be finished, and what a rejected repair gets wrong need not show in a run.
bool HasProgram(const Lab& lab, const std::string& variant) {
  return variant != kMineVariant && !lab.rejected.contains(variant);
}

void CheckPrograms(const Project& project, const std::vector<Lab>& labs, Progress& progress,
                   std::vector<std::string>& gaps) {
  std::vector<std::string> targets;
  for (const Lab& lab : labs) {
    for (const std::string& variant : lab.variants) {
      if (HasProgram(lab, variant)) targets.push_back(ProgramTarget(lab, variant));
    }
  }
  const BuildFailures failures = Require(Build(project, kNativePreset, targets, progress));
  for (const Lab& lab : labs) {
    for (const std::string& variant : lab.variants) {
      if (!HasProgram(lab, variant)) continue;
      progress.Show(absl::StrCat("running ", lab.name, " ", variant));
      const auto failure = failures.find(ProgramTarget(lab, variant));
      if (failure == failures.end()) {
        CheckProgram(project, lab, variant, gaps);
      } else {
        gaps.push_back(absl::StrCat(failure->first, ": does not compile:\n", FirstErrors(failure->second, 10)));
      }
    }
  }
}

void Check(const std::vector<std::string>& names) {
  const Everything all;
  std::vector<Lab> labs;
  for (const std::string& name : names) labs.push_back(Require(FindLab(all.labs, name)));
  if (names.empty()) labs = all.labs;

  std::vector<std::string> gaps = names.empty() ? Strays(all.project, labs) : std::vector<std::string>();
  for (const Lab& lab : labs) {
    const std::vector<std::string> found = Gaps(all.project, lab);
    gaps.insert(gaps.end(), found.begin(), found.end());
  }
  // Without its files, a lab cannot be built.
  Progress progress;
  if (gaps.empty()) CheckPrograms(all.project, labs, progress, gaps);
  progress.Clear();

  for (const std::string& gap : gaps) std::printf("%s %s\n", Paint(Colour::kRed, CrossMark()).c_str(), gap.c_str());
  std::printf("checked: %zu lab%s, %zu gap%s\n", labs.size(), labs.size() == 1 ? "" : "s", gaps.size(),
              gaps.size() == 1 ? "" : "s");
  if (!gaps.empty()) Exit(kWrong);
}

}  // namespace

void AddCheck(CLI::App& racelab) {
  auto labs = std::make_shared<std::vector<std::string>>();
  CLI::App* command = racelab.add_subcommand("check", "For contributors: is each lab complete, and its README true?");
  command->add_option("LAB", *labs, "These labs only");
  command->callback([labs] { Check(*labs); });
}

}  // namespace racelab
