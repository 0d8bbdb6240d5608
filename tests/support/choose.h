#ifndef RACELAB_TESTS_SUPPORT_CHOOSE_H_
#define RACELAB_TESTS_SUPPORT_CHOOSE_H_

#include "absl/functional/function_ref.h"

namespace racelab {

// One of 0 ... count - 1 (count is 1 to 16). Within Interleavings(), every one is tried, in every combination with the
// scenario's other choices: for what is decided by something other than the scheduling of threads, such as which of its
// ready tasks an event loop runs next.
//
//   Interleavings([] {
//     EventLoop loop(/*pick=*/[](int ready) { return Choose(ready); });
//     ...
//   });
//
// Under the second runtime any thread may choose. Under ThreadSanitizer only the scenario's own may, and what it has to
// choose from must not depend on what other threads do. Outside of Interleavings() it is 0.
int Choose(int count);

// Implementation.

// Runs `scenario` with every combination of choices that it asks for, and at least `least` times, while it returns
// true.
void ForEveryChoice(int least, absl::FunctionRef<bool(int repetition)> scenario);

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_CHOOSE_H_
