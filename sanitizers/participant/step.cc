// racelab step [LAB [VARIANT]]: the participant is the scheduler.

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "sanitizers/participant/commands.h"
#include "sanitizers/participant/own_copy.h"
#include "sanitizers/participant/raw_terminal.h"
#include "sanitizers/participant/step_session.h"
#include "sanitizers/participant/stepper.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/schedule_text.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/racelab/verification.h"

namespace racelab {
namespace {

struct StepOptions {
  Choice choice;
  std::string test, schedule;
};

void Step(const StepOptions& options) {
  const Everything all;
  const Lab lab = ChosenLab(all, options.choice);
  const std::string variant = ChosenVariantOrLab(lab, options.choice);
  Progress progress;
  const std::string preset = ThreadSanitizerPreset("");
  RequireBuilt(all.project, preset, lab, variant, TestTarget(lab, variant), progress);
  BuildInterleaveRuntime(all.project, progress);
  progress.Show("looking for a failing interleaving");
  Stepper stepper(all.project, TestProgram(all.project, preset, lab, variant));
  if (const absl::Status begun = stepper.Begin(options.test); !begun.ok()) {
    ReportError(begun);
    Exit(absl::IsCancelled(begun) ? kInterrupted : kMisuse);
  }
  progress.Clear();

  StepSession session(all.project, absl::StrCat(lab.called, " ", variant), stepper);
  if (options.schedule.empty() && RawTerminal::IsPossible()) {
    RawTerminal terminal;
    session.Play(terminal);
    return;
  }
  const std::string schedule =
      options.schedule.empty() ? stepper.FirstSchedule() : Require(ExpandSchedule(options.schedule));
  // Without a prefix that names the memory whose accesses are steps, the schedule refers to the memory of the failure
  // that was found.
  const bool has_names = schedule.find(':') != std::string::npos;
  const Stepper::State state = stepper.Run(has_names ? schedule : absl::StrCat(stepper.FirstSchedule(), schedule));
  std::fputs(session.Screen(state, SizeOfScreen()).c_str(), stdout);
  if (state.kind == Stepper::State::Kind::kFailed) Exit(kWrong);
  if (state.kind == Stepper::State::Kind::kUnknown) Exit(kCannotTell);
}

}  // namespace

void AddStep(CLI::App& racelab) {
  auto options = std::make_shared<StepOptions>();
  CLI::App* command = racelab.add_subcommand("step", "Be the scheduler: choose who takes each step, until it fails");
  AddChoice(command, options->choice);
  command->add_option("--test", options->test, "Step through this test; default: one that fails");
  command->add_option("--schedule", options->schedule, "Show where this schedule leads, as it was printed")
      ->type_name("SCHEDULE");
  command->footer("Without a terminal, or with --schedule, exits with 0 if nothing has failed so far, 1 if it has.");
  command->callback([options] { Step(*options); });
}

}  // namespace racelab
