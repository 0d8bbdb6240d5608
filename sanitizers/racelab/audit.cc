// racelab audit: is each lab complete, does its README show its program's real output, and can its tasks be done?

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "sanitizers/process/child.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/completeness.h"
#include "sanitizers/racelab/program.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/tasks.h"
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

// A participant's variant may be unfinished, and a rejected repair or a change may show no fault in a single run.
bool HasProgram(const Lab& lab, const std::string& variant) {
  return variant != kMineVariant && !lab.rejected.contains(variant) && !lab.changes.contains(variant);
}

// Each lab runs alone: its output must be what a user sees on an otherwise idle machine. Fixes must hold under any
// load, so they run in parallel, more of them than there are processors, because their threads often wait.
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

// An error message about the first of `words` that does not exist in `racelab` or is not this lab's; empty if all are
// right. `started`: the participant already has a copy of their own.
std::string Unknown(const CLI::App& racelab, const Lab& lab, const std::vector<std::string>& words, bool started) {
  const std::vector<const CLI::App*> commands =
      racelab.get_subcommands([&](const CLI::App* command) { return command->get_name() == words[1]; });
  if (commands.empty()) return absl::StrCat("there is no command ", words[1]);
  for (size_t i = 2; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (absl::StartsWith(word, "-") && commands.front()->get_option_no_throw(word) == nullptr)
      return absl::StrCat(words[1], " has no option ", word);
    if (word == kMineVariant && !started) return "there is no `mine` yet; name `racelab start` first";
    if (i == 3 && !absl::StartsWith(word, "-") && !absl::StartsWith(words[2], "-")) {
      const absl::StatusOr<std::string> variant = FindVariant(lab, word);
      if (word != kMineVariant && !variant.ok()) return std::string(variant.status().message());
    }
  }
  const bool about_lab = words.size() > 2 && words[2] != "--";
  if (about_lab && words[2] != lab.alias) return absl::StrCat("the text calls this lab ", lab.alias);
  return "";
}

// Checks that the commands in the text exist, and that each can be given at the point where the text gives it.
void CheckCommands(const CLI::App& racelab, const Project& project, const Lab& lab, std::vector<std::string>& gaps) {
  const std::filesystem::path readme = lab.folder / "README.md";
  bool started = false;
  for (const ShownCommand& command : CommandsIn(ReadFile(readme).value_or(""))) {
    const std::string unknown = Unknown(racelab, lab, command.words, started);
    started |= command.words[1] == "start";
    if (!unknown.empty()) {
      gaps.push_back(absl::StrCat(std::filesystem::relative(readme, project.root).string(), ": names `",
                                  absl::StrJoin(command.words, " "), "`, but ", unknown));
    }
  }
}

// A copy of the lab with an edit from a task, in a folder where `racelab` finds it as a separate variant.
class EditedLab {
 public:
  EditedLab(const Lab& lab, const TaskEdit& edit, int number)
      : variant_(absl::StrCat(kEditPrefix, number)), folder_(lab.edits / variant_) {
    std::filesystem::create_directories(folder_);
    for (const std::filesystem::path& file : {lab.subject, std::filesystem::path("main.cc")}) {
      const std::string text = ReadFile(lab.folder / file).value_or("");
      std::ofstream(folder_ / file) << (file == edit.file ? Apply(edit, text).value_or("") : text);
    }
  }
  ~EditedLab() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_.parent_path(), ignored);
  }
  EditedLab(const EditedLab&) = delete;
  EditedLab& operator=(const EditedLab&) = delete;

  const std::string& variant() const { return variant_; }

 private:
  const std::string variant_;
  const std::filesystem::path folder_;
};

// Whether two outputs are equal except for times, column widths, and text that varies between runs.
bool ShowTheSame(const Lab& lab, const std::string& shown, std::string printed, const std::string& variant) {
  std::vector<std::string> varies = lab.varies;
  varies.insert(varies.end(), {R"(\d+\.\d s\b)", R"(0x[0-9a-f]+)", R"(\s+)"});
  if (!variant.empty()) absl::StrReplaceAll({{variant, kMineVariant}}, &printed);
  return EqualButFor(varies, absl::StrCat(shown, "\n"), absl::StrCat(printed, "\n"));
}

// Runs a command with this very `racelab`, not the one in the user's PATH.
ChildResult RunOurselves(const Project& project, std::vector<std::string> words) {
  words.front() = std::filesystem::read_symlink("/proc/self/exe").string();
  ChildSpec spec;
  spec.argv = std::move(words);
  spec.directory = project.root.string();
  return RunChild(spec);
}

// Runs a command that the text shows (for `variant`, if it is not empty), and compares the output.
void CheckShown(const Project& project, const Lab& lab, const ShownCommand& command, const std::string& variant,
                std::vector<std::string>& gaps) {
  std::vector<std::string> words = command.words;
  bool names_variant = false;
  for (std::string& word : words) {
    if (word != kMineVariant || variant.empty()) continue;
    word = variant;
    names_variant = true;
  }
  if (!variant.empty() && !names_variant && words[1] == "run") words.push_back(variant);  // An edit of the original.
  const ChildResult result = RunOurselves(project, std::move(words));
  if (result.end == ChildEnd::kExited && ShowTheSame(lab, command.output, result.out, variant)) return;
  gaps.push_back(absl::StrCat(std::filesystem::relative(lab.folder / "README.md", project.root).string(),
                              ": does not show what `", absl::StrJoin(command.words, " "), "` prints",
                              variant.empty() ? "" : " after the edit above it", ":\n", result.out, result.err));
}

// Builds and runs the program with an edit for which the text shows no output, because participants are to find it out.
void CheckThatItRuns(const Project& project, const Lab& lab, const TaskEdit& edit, const std::string& variant,
                     std::vector<std::string>& gaps) {
  const ChildResult result = RunOurselves(project, {"racelab", "run", lab.name, variant});
  if (result.end == ChildEnd::kExited && !result.out.empty() && result.err.empty()) return;
  gaps.push_back(absl::StrCat(std::filesystem::relative(lab.folder / "README.md", project.root).string(),
                              ": the program does not run with the edit of ", edit.file, ":\n", result.out,
                              result.err));
}

// Runs the commands that the text shows.
void CheckCommandsShown(const Project& project, const Lab& lab, const std::string& readme, Progress& progress,
                        std::vector<std::string>& gaps) {
  std::vector<ShownCommand> shown = ShownIn(readme);
  if (!shown.empty()) shown.erase(shown.begin());  // The opening is checked with the programs.
  for (const ShownCommand& command : shown) {
    progress.Show(absl::StrCat("running the commands of ", lab.name));
    CheckShown(project, lab, command, "", gaps);
    ExitIfInterrupted();
  }
}

// Makes each task's edit in a copy of the lab, and runs the commands that the text shows with and without it.
void CheckTasks(const Project& project, const std::vector<Lab>& labs, Progress& progress,
                std::vector<std::string>& gaps) {
  struct EditOfTask {
    const Lab* lab;
    TaskEdit edit;
    std::unique_ptr<EditedLab> edited;
  };
  std::vector<EditOfTask> edits;
  std::vector<std::string> targets;
  for (const Lab& lab : labs) {
    const std::string readme = ReadFile(lab.folder / "README.md").value_or("");
    CheckCommandsShown(project, lab, readme, progress, gaps);
    int number = 0;
    for (const TaskEdit& edit : EditsIn(readme)) {
      edits.push_back({&lab, edit, std::make_unique<EditedLab>(lab, edit, ++number)});
      targets.push_back(ProgramTarget(lab, edits.back().edited->variant()));
    }
  }
  // All targets are built together, because new variants require configuring the build tree again. A target that does
  // not compile is reported when it is run.
  if (!targets.empty()) Require(Build(project, kNativePreset, targets, progress));
  for (const auto& [lab, edit, edited] : edits) {
    progress.Show(absl::StrCat("trying the edits of ", lab->name));
    for (const ShownCommand& command : edit.shown) CheckShown(project, *lab, command, edited->variant(), gaps);
    if (edit.shown.empty()) CheckThatItRuns(project, *lab, edit, edited->variant(), gaps);
    ExitIfInterrupted();
  }
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

void Audit(const CLI::App& racelab, const std::vector<std::string>& names) {
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
    CheckCommands(racelab, all.project, lab, gaps);
  }
  // A lab without all of its files cannot be built.
  Progress progress;
  if (gaps.empty()) {
    CheckPrograms(all.project, labs, progress, gaps);
    CheckTasks(all.project, labs, progress, gaps);
  }
  progress.Clear();

  for (const std::string& gap : gaps) std::printf("%s %s\n", Paint(Colour::kRed, CrossMark()).c_str(), gap.c_str());
  std::printf("audited: %zu lab%s, %zu gap%s\n", labs.size(), labs.size() == 1 ? "" : "s", gaps.size(),
              gaps.size() == 1 ? "" : "s");
  if (!gaps.empty()) Exit(kWrong);
}

}  // namespace

void AddAudit(CLI::App& racelab) {
  auto labs = std::make_shared<std::vector<std::string>>();
  CLI::App* command = racelab.add_subcommand(
      "audit", "For contributors: is each lab complete, its README true, and each task possible?");
  command->add_option("LAB", *labs, "Only these labs");
  command->callback([&racelab, labs] { Audit(racelab, *labs); });
}

}  // namespace racelab
