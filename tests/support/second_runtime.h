#ifndef RACELAB_TESTS_SUPPORT_SECOND_RUNTIME_H_
#define RACELAB_TESTS_SUPPORT_SECOND_RUNTIME_H_

#include <dlfcn.h>

#include "absl/functional/function_ref.h"

namespace racelab {

// Whether the program runs under the runtime that explores interleavings, not under ThreadSanitizer.
bool UnderSecondRuntime();

// Has it run every interleaving of `scenario`. A failed expectation fails the current test as if the scenario had been
// run once, in the interleaving that fails; so does what the runtime itself finds (a deadlock, a data race).
void ExploreInterleavings(absl::FunctionRef<void()> scenario);

// A function of sanitizers/interleave/interleave.h. Looked up, not linked: under ThreadSanitizer there is none, and
// this is null.
template <typename Function>
Function* FindInSecondRuntime(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_SECOND_RUNTIME_H_
