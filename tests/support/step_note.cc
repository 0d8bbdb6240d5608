#include "tests/support/step_note.h"

#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

// Looked up before any scenario begins: the guard of a local static would be one more step of each thread that notes a
// step.
const auto note = FindInSecondRuntime<void(const char*)>("racelab_interleave_note");

}  // namespace

void NoteStep(const std::string& text) {
  if (note != nullptr) note(text.c_str());
}

}  // namespace racelab
