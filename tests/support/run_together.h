#ifndef RACELAB_TESTS_SUPPORT_RUN_TOGETHER_H_
#define RACELAB_TESTS_SUPPORT_RUN_TOGETHER_H_

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "tests/support/crew.h"

namespace racelab {

// Runs every function on a thread of its own, and returns when all have ended.
//
// Each function must be able to end before the others have begun: within Interleavings(), the first repetitions run
// them one after the other, in every order. (HandShake::AwaitBriefly() is allowed; functions that call Await() need
// RunSimultaneously().) The threads' actions happen before the return; the functions themselves must create any
// happens-before edges between the threads.
//
// Within Interleavings(), one thread may serve in several repetitions: its thread_local objects are not new in each.
template <typename... Functions>
void RunTogether(Functions&&... functions);

// Like RunTogether(), but all threads start at the same time in every repetition, so that one may wait for another.
template <typename... Functions>
void RunSimultaneously(Functions&&... functions);

// Implementation.

// While an object of this class lives, the functions that start together reuse the threads of earlier ones.
class KeepThreads {
 public:
  KeepThreads();
  ~KeepThreads();
  KeepThreads(const KeepThreads&) = delete;
  KeepThreads& operator=(const KeepThreads&) = delete;

 private:
  Crew crew_;
};

void RunInTurnOrSimultaneously(absl::Span<const absl::FunctionRef<void()>> functions);
void RunAllSimultaneously(absl::Span<const absl::FunctionRef<void()>> functions);

template <typename... Functions>
void RunTogether(Functions&&... functions) {
  RunInTurnOrSimultaneously({absl::FunctionRef<void()>(functions)...});
}

template <typename... Functions>
void RunSimultaneously(Functions&&... functions) {
  RunAllSimultaneously({absl::FunctionRef<void()>(functions)...});
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_RUN_TOGETHER_H_
