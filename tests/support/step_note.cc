#include "tests/support/step_note.h"

#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

// Looked up before any scenario begins: the guard of a local static would add a step to each thread that calls
// NoteStep().
const auto note = FindInSecondRuntime<void(const char*)>("racelab_interleave_note");

}  // namespace

void NoteStep(const std::string& text) {
  if (note != nullptr) note(text.c_str());
}

}  // namespace racelab
