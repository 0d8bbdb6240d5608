// racelab report [LAB [VARIANT]]: prints ThreadSanitizer's report, explained and in its original form. With file names:
// the reports in these logs.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "sanitizers/gate/gate.h"
#include "sanitizers/gate/report_logs.h"
#include "sanitizers/participant/commands.h"
#include "sanitizers/participant/own_copy.h"
#include "sanitizers/participant/pager.h"
#include "sanitizers/participant/screen_parts.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/racelab/verification.h"
#include "sanitizers/verdict/evidence.h"
#include "sanitizers/verdict/judge.h"
#include "sanitizers/verdict/tsan_run.h"

namespace racelab {
namespace {

// "  in Open()  workspace/x/session_table.h:21", followed by the source line.
std::string FrameText(const Project& project, const Frame& frame, const std::string& name) {
  const std::string file = InShort(project, frame.file);
  const std::string_view function = absl::EndsWith(name, "::TestBody") ? "the test" : std::string_view(name);
  std::string text = absl::StrCat("    ", file, ":", frame.line, "  ", function, "\n");
  const std::string source = SourceLine(project.root / file, frame.line);
  const int columns = SizeOfScreen().columns;
  if (!source.empty()) text += Paint(Colour::kCode, Cut(absl::StrCat("      ", source), 1, columns));
  return text;
}

// A stack: its title, the number of library calls at its end, and the program's own calls.
std::string StackText(const Project& project, const Stack& stack) {
  std::string text = absl::StrCat("  ", Paint(Colour::kBold, stack.description), "\n");
  if (stack.frames.empty()) return absl::StrCat(text, "    ThreadSanitizer could not restore this stack.\n");
  size_t deeper = 0;
  bool any = false;
  for (const Frame& frame : stack.frames) {
    const Stack alone = {.role = StackRole::kAccess, .description = "", .frames = {frame}};
    const bool is_own = !frame.file.empty() && frame.line > 0 && Site(alone) != nullptr;
    if (!is_own) {
      ++deeper;
      continue;
    }
    if (deeper > 0 && !any) {
      const Frame& innermost = stack.frames.front();
      absl::StrAppend(&text, "    ",
                      Paint(Colour::kDim, absl::StrCat(deeper, deeper == 1 ? " call" : " calls", " deeper, in ",
                                                       QualifiedName(innermost.function))),
                      "\n");
    }
    any = true;
    deeper = 0;
    absl::StrAppend(&text, FrameText(project, frame, SiteName(stack, frame)));
  }
  if (!any)
    absl::StrAppend(&text, "    ", QualifiedName(stack.frames.front().function), ", in code that is not the lab's\n");
  return text;
}

std::string Explained(const Project& project, const Report& report) {
  std::string text = Paragraph(Colour::kRed, InShort(project, Explain(report)), SizeOfScreen().columns);
  for (const Stack& stack : report.stacks) absl::StrAppend(&text, "\n", StackText(project, stack));
  if (!report.location.empty())  // "at" would introduce a stack, which is shown above
    absl::StrAppend(&text, "\n  The memory: ", absl::StripSuffix(report.location, " at"), "\n");
  return text;
}

void ShowReport(const Choice& choice) {
  const Everything all;
  const Lab lab = ChosenLab(all, choice);
  const std::string variant = ChosenVariantOrLab(lab, choice);
  Progress progress;
  const std::string preset = ThreadSanitizerPreset("");
  RequireBuilt(all.project, preset, lab, variant, TestTarget(lab, variant), progress);
  progress.Show(absl::StrCat("running ", lab.called, " ", variant, " under ThreadSanitizer"));
  ChildSpec spec;
  spec.argv = {TestProgram(all.project, preset, lab, variant)};
  spec.directory = all.project.root.string();
  const TsanRun run = RunTestsUnderThreadSanitizer(std::move(spec));
  progress.Clear();
  ExitIfInterrupted();
  if (run.printed.reports.empty()) {
    const Judgement judgement = JudgeRun(run, /*evidence=*/nullptr);
    std::printf("ThreadSanitizer reported nothing in this run of %s %s.\n", lab.called.c_str(), variant.c_str());
    if (!judgement.reason.empty()) std::printf("But: %s\n", InShort(all.project, judgement.reason).c_str());
    return;
  }
  const Report& report = run.printed.reports.front();
  PrintPaged(
      absl::StrCat(Explained(all.project, report), "\n",
                   Paint(Colour::kDim, "ThreadSanitizer's own words, which end the program at its first report:"),
                   "\n\n", InShort(all.project, report.text), "\n"));
}

}  // namespace

void AddReport(CLI::App& racelab) {
  struct Options {
    Choice choice;
    std::vector<std::string> more_logs;
    bool merge = false;
    GateOptions gate;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = racelab.add_subcommand("report", "Explain ThreadSanitizer's reports: of a lab, or in logs");
  AddChoice(command, options->choice);
  command->add_option("LOG", options->more_logs,
                      "In place of a lab: any number of logs, the first one with a dot or a slash in its name; - is "
                      "standard input");
  command->add_flag("--merge", options->merge, "Make one report of logs, or parts of a search, whatever their names");
  AddGateOptions(*command, options->gate, /*with_format=*/true);
  command->callback([options] {
    const std::string& first = options->choice.lab;
    // No lab's name contains these characters.
    const bool are_logs = options->merge || first == "-" || first.find_first_of("./") != std::string::npos;
    if (!are_logs && !options->more_logs.empty()) {
      std::fprintf(stderr, "racelab: report takes a lab and a variant, or logs; %s would be a lab\n", first.c_str());
      Exit(kMisuse);
    }
    if (!are_logs) return ShowReport(options->choice);
    std::vector<std::string> logs = {first};
    if (!options->choice.variant.empty()) logs.push_back(options->choice.variant);
    logs.insert(logs.end(), options->more_logs.begin(), options->more_logs.end());
    ReportLogs(logs, options->gate);
  });
}

}  // namespace racelab
