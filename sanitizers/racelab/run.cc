// racelab run LAB [VARIANT]: runs the lab's program without a sanitizer, so that it fails as its users would see it
// fail.

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/program.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/racelab/verification.h"

namespace racelab {
namespace {

struct RunOptions {
  std::string lab;
  std::string variant = std::string(kLabVariant);
};

void Run(const RunOptions& options) {
  const Everything all;
  const Lab lab = Require(FindLab(all.labs, options.lab));
  const std::string variant = Require(FindVariant(lab, options.variant));

  Progress progress;
  const std::string target = ProgramTarget(lab, variant);
  RequireBuilt(all.project, kNativePreset, lab, variant, target, progress);
  progress.Clear();

  char last = '\n';
  const ChildResult result = RunProgram(all.project, lab, variant, [&last](std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
    if (!text.empty()) last = text.back();
  });
  const std::string end = EndOfProgram(result);
  if (!end.empty() && last != '\n') std::putchar('\n');
  std::fputs(end.c_str(), stdout);
  ExitIfInterrupted();
  if (result.end != ChildEnd::kExited || result.exit_code != 0) Exit(kWrong);
}

}  // namespace

void AddRun(CLI::App& racelab) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = racelab.add_subcommand(
      "run", "Run a lab's program, and see it go wrong as its users do; or, with a fix, go right");
  command->add_option("LAB", options->lab, "The lab")->required();
  command->add_option("VARIANT", options->variant, "mutex, atomic, message, ...: a fix; mine: your own");
  command->footer("Exits with 0 if the program's result is right, with 1 if it is wrong.");
  command->callback([options] { Run(*options); });
}

}  // namespace racelab
