#ifndef RACELAB_TESTS_SUPPORT_SECOND_RUNTIME_H_
#define RACELAB_TESTS_SUPPORT_SECOND_RUNTIME_H_

#include <dlfcn.h>

#include "absl/functional/function_ref.h"

namespace racelab {

// Whether the program runs under the runtime that explores interleavings, rather than under ThreadSanitizer.
bool UnderSecondRuntime();

// Whether atomic loads may return older values, where their memory orders permit it. A thread then need not see earlier
// actions of other threads unless something orders the two.
bool LoadsMayReturnOlderValues();

// Runs every interleaving of `scenario`. A failed expectation fails the current test as if the scenario had been run
// once, in the failing interleaving; so does a failure that the runtime itself finds (a deadlock, a data race).
void ExploreInterleavings(absl::FunctionRef<void()> scenario);

// A function of sanitizers/interleave/interleave.h. It is looked up, not linked: under ThreadSanitizer it does not
// exist, and this returns null.
template <typename Function>
Function* FindInSecondRuntime(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_SECOND_RUNTIME_H_
