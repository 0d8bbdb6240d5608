#ifndef RACELAB_SANITIZERS_PARTICIPANT_ATTEMPT_H_
#define RACELAB_SANITIZERS_PARTICIPANT_ATTEMPT_H_

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "absl/status/statusor.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/racelab/verification.h"

namespace racelab {

// A variant of a lab, judged as a participant's repair. It counts as solved if it compiles, hides nothing from the
// detectors, and is clean under both, apart from a false alarm.
struct Attempt {
  Attempt(const Lab& judged, std::string of);

  std::shared_ptr<const Lab> lab;
  std::string variant;
  std::string compile_errors;  // the compiler's first errors; empty if it compiles
  std::string evasion;         // what it hides from the detectors, in a sentence; empty if nothing
  Verification tsan, interleave;
  double seconds = 0;

  bool IsSolved() const {
    return compile_errors.empty() && evasion.empty() && interleave.IsRight() && (tsan.IsRight() || IsFalseAlarm());
  }
  // Whether ThreadSanitizer reported only data races, in a program whose order depends on fences, which ThreadSanitizer
  // ignores, while every interleaving was run and holds; the second runtime does model fences.
  bool IsFalseAlarm() const;
  // Whether it is neither solved nor refuted: an exploration was inconclusive or could not start.
  bool CannotTell() const;
};

// Receives the current activity, in half a sentence: "compiling", "exploring HitCounter.KeepsBoth". Called from any
// thread, one call at a time.
using OnAttemptProgress = std::function<void(const std::string&)>;

// Compiles and judges the variant. Both detectors run at once. A failed exploration ends ThreadSanitizer's run, because
// it shows more; after a report by ThreadSanitizer, the exploration has the time `patience` left to find the
// interleaving.
//
// Cancelled if it was interrupted or stopped; Internal if nothing could be built at all.
absl::StatusOr<Attempt> Judge(const Project& project, const Lab& lab, const std::string& variant,
                              const std::stop_token& stop, absl::Duration patience,
                              const OnAttemptProgress& on_progress);

// Records a verdict on the participant's own variant and, if it is solved, that the lab is solved.
void NoteAttempt(const Project& project, const Attempt& attempt);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_ATTEMPT_H_
