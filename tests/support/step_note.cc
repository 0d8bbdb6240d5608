#include "tests/support/step_note.h"

#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

// Found before any scenario begins: a local static would be looked at by each thread that notes a step, and that would
// be a step, too.
const auto note = FindInSecondRuntime<void(const char*)>("racelab_interleave_note");

}  // namespace

void NoteStep(const std::string& text) {
  if (note != nullptr) note(text.c_str());
}

}  // namespace racelab
