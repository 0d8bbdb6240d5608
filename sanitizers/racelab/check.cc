// racelab check: is each lab complete, and does its README show its program's real output?

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sanitizers/process/child.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/completeness.h"
#include "sanitizers/racelab/program.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

// A variant's program, and the gap that its run revealed; empty if there is none.
struct ProgramRun {
  const Lab* lab;
  std::string variant;
  std::string gap;
};

// The program of a fix must end with the right result.
std::string GapOfFix(const std::string& main, const std::string& variant, const ChildResult& result) {
  if (result.end == ChildEnd::kExited && result.exit_code == 0) return "";
  return absl::StrCat(main, ": ends with a wrong result (",
                      result.end == ChildEnd::kExited ? absl::StrCat(result.exit_code) : EndOfProgram(result),
                      ") with the fix ", variant, "; with a fix it must show the right result");
}

// The program of the lab must end with a wrong result, and print what README.md shows.
std::string GapOfLab(const Project& project, const Lab& lab, const std::string& main, const ChildResult& result) {
  if (result.end == ChildEnd::kExited && result.exit_code == 0)
    return absl::StrCat(main,
                        ": ended with the right result in spite of the bug; it must show the bug each time it is run");
  const std::string shown = ReadOpening(ReadFile(lab.folder / "README.md").value_or("")).output;
  const std::string printed = absl::StrCat(result.out, result.err, EndOfProgram(result));
  if (EqualButFor(lab.varies, shown, printed)) return "";
  return absl::StrCat((std::filesystem::relative(lab.folder, project.root) / "README.md").string(),
                      ": does not show the program's output; copy the output below, or say in lab.toml under "
                      "[run] what `varies`:\n",
                      printed);
}

void Check(const Project& project, ProgramRun& run) {
  const std::string main = (std::filesystem::relative(run.lab->folder, project.root) / "main.cc").string();
  const ChildResult result = RunProgram(project, *run.lab, run.variant);
  run.gap =
      run.variant == kLabVariant ? GapOfLab(project, *run.lab, main, result) : GapOfFix(main, run.variant, result);
}

// A participant's variant may be unfinished, and the fault of a rejected repair need not show in a run.
bool HasProgram(const Lab& lab, const std::string& variant) {
  return variant != kMineVariant && !lab.rejected.contains(variant);
}

// Each lab runs alone, because its output must be what a user sees on an otherwise idle machine. Fixes must hold under
// any load, and run side by side: more of them than there are processors, because their threads often wait.
void RunAll(const Project& project, std::vector<ProgramRun>& runs, Progress& progress) {
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < runs.size() && !InterruptRequested(); i = next++) {
      if (runs[i].variant != kLabVariant) Check(project, runs[i]);
    }
  };
  progress.Show(absl::StrCat("running the programs of ", runs.size(), " variants"));
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < 2 * std::max(1u, std::thread::hardware_concurrency()); ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
  for (ProgramRun& run : runs) {
    if (run.variant != kLabVariant || InterruptRequested()) continue;
    progress.Show(absl::StrCat("running ", run.lab->name));
    Check(project, run);
  }
  ExitIfInterrupted();
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
  std::vector<ProgramRun> runs;
  for (const Lab& lab : labs) {
    for (const std::string& variant : lab.variants) {
      if (!HasProgram(lab, variant)) continue;
      const auto failure = failures.find(ProgramTarget(lab, variant));
      if (failure == failures.end()) {
        runs.push_back({&lab, variant, ""});
      } else {
        gaps.push_back(absl::StrCat(failure->first, ": does not compile:\n", FirstErrors(failure->second, 10)));
      }
    }
  }
  RunAll(project, runs, progress);
  for (ProgramRun& run : runs) {
    if (!run.gap.empty()) gaps.push_back(std::move(run.gap));
  }
}

void Check(const std::vector<std::string>& names) {
  const Everything all;
  std::vector<Lab> labs;
  for (const std::string& name : names) labs.push_back(Require(FindLab(all.labs, name)));
  if (names.empty()) labs = all.labs;

  std::vector<std::string> gaps = GapsBetween(all.project, all.labs, Require(LoadTracks(all.project)));
  if (names.empty()) {
    const std::vector<std::string> strays = Strays(all.project, labs);
    gaps.insert(gaps.end(), strays.begin(), strays.end());
  }
  for (const Lab& lab : labs) {
    const std::vector<std::string> found = Gaps(all.project, lab);
    gaps.insert(gaps.end(), found.begin(), found.end());
  }
  // A lab without all of its files cannot be built.
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
  command->add_option("LAB", *labs, "Only these labs");
  command->callback([labs] { Check(*labs); });
}

}  // namespace racelab
