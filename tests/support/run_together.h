#ifndef RACELAB_TESTS_SUPPORT_RUN_TOGETHER_H_
#define RACELAB_TESTS_SUPPORT_RUN_TOGETHER_H_

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "tests/support/crew.h"

namespace racelab {

// Runs every function on a thread of its own, and returns when all have ended.
//
// Requires that each can end without the others having begun: within Interleavings(), the first repetitions run them
// one after the other, in every order. (A HandShake awaited with AwaitBriefly() is fine; one awaited with Await() is
// for RunSimultaneously().) What the threads did happens before the return; between them there is no happens-before
// edge but what the functions make themselves.
//
// Within Interleavings(), a thread may serve in several repetitions: what is thread_local is not new in each.
template <typename... Functions>
void RunTogether(Functions&&... functions);

// As RunTogether(), but all start at one instant in every repetition, so that one may wait for another.
template <typename... Functions>
void RunSimultaneously(Functions&&... functions);

// Implementation.

// While one lives, the functions that start at one instant share their threads with those before.
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
