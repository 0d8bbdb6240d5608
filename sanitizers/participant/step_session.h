#ifndef RACELAB_SANITIZERS_PARTICIPANT_STEP_SESSION_H_
#define RACELAB_SANITIZERS_PARTICIPANT_STEP_SESSION_H_

#include <string>
#include <utility>

#include "sanitizers/participant/raw_terminal.h"
#include "sanitizers/participant/stepper.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {

// Steps through a scenario in a terminal, with the user as the scheduler. Shows the threads side by side, and the next
// operation of each.
class StepSession {
 public:
  // `of` names what the user schedules: "lost_update mutex". Unless `may_be_shown`, no key shows the shortest failure.
  StepSession(const Project& project, std::string of, const Stepper& stepper, bool may_be_shown = true)
      : project_(project), of_(std::move(of)), stepper_(stepper), shows_shortest_(may_be_shown && stepper.shortest()) {}

  // The screen after the steps of `state`.
  std::string Screen(const Stepper::State& state, const ScreenSize& size) const;

  // Runs until the user leaves. Returns whether the user's own steps led to a failure.
  bool Play(RawTerminal& terminal);

 private:
  std::string Keys(int columns) const;

  const Project& project_;
  const std::string of_;
  const Stepper& stepper_;
  const bool shows_shortest_;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_STEP_SESSION_H_
