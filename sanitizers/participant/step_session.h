#ifndef RACELAB_SANITIZERS_PARTICIPANT_STEP_SESSION_H_
#define RACELAB_SANITIZERS_PARTICIPANT_STEP_SESSION_H_

#include <string>
#include <utility>

#include "sanitizers/participant/raw_terminal.h"
#include "sanitizers/participant/stepper.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {

// A scenario in a terminal, in which the user is the scheduler: threads side by side, and the next operation of each.
class StepSession {
 public:
  // `of` says whose scheduler the user is: "lost_update mutex". Unless `may_be_shown`, the shortest failure has no key.
  StepSession(const Project& project, std::string of, const Stepper& stepper, bool may_be_shown = true)
      : project_(project), of_(std::move(of)), stepper_(stepper), shows_shortest_(may_be_shown && stepper.shortest()) {}

  // What is to be seen after the steps of `state`.
  std::string Screen(const Stepper::State& state, const ScreenSize& size) const;

  // Until the user leaves. Returns whether their own steps have led to a failure.
  bool Play(RawTerminal& terminal);

 private:
  std::string Keys() const;

  const Project& project_;
  const std::string of_;
  const Stepper& stepper_;
  const bool shows_shortest_;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_STEP_SESSION_H_
