#include "tests/support/virtual_time.h"

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/second_runtime.h"

namespace racelab {

void InterleavingsInVirtualTime(absl::FunctionRef<void()> scenario) {
  static const auto be_punctual = FindInSecondRuntime<void()>("racelab_interleave_be_punctual");
  if (be_punctual == nullptr) GTEST_SKIP() << "needs virtual time: `racelab explore` has it";
  Interleavings([&] {
    be_punctual();
    scenario();
  });
}

}  // namespace racelab
