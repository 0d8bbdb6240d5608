#ifndef RACELAB_TESTS_SUPPORT_CHOOSE_H_
#define RACELAB_TESTS_SUPPORT_CHOOSE_H_

#include "absl/functional/function_ref.h"

namespace racelab {

// Returns one of 0 ... count - 1 (count is 1 to 64). Within Interleavings(), every value is tried, in every combination
// with the scenario's other choices. Use it for decisions that the scheduling of threads does not make, such as which
// of its ready tasks an event loop runs next.
//
//   Interleavings([] {
//     EventLoop loop(/*pick=*/[](int ready) { return Choose(ready); });
//     ...
//   });
//
// Under the second runtime, any thread may choose. Under ThreadSanitizer, only the scenario's own thread may, and its
// choices must not depend on what other threads do. Outside Interleavings(), this returns 0.
int Choose(int count);

// Implementation.

// Runs `scenario` with every combination of its choices, and at least `least` times, as long as it returns true.
void ForEveryChoice(int least, absl::FunctionRef<bool(int repetition)> scenario);

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_CHOOSE_H_
