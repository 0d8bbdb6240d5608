#include "tests/support/creations_may_fail.h"

#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

const auto set =
    FindInSecondRuntime<void(int)>("racelab_interleave_creations_may_fail");  // Looked up before any scenario begins.

void Set(int may) {
  if (set != nullptr) set(may);
}

}  // namespace

CreationsMayFail::CreationsMayFail() { Set(1); }
CreationsMayFail::~CreationsMayFail() { Set(0); }

}  // namespace racelab
