#include "tests/support/step_note.h"

#include "tests/support/second_runtime.h"

namespace racelab {

void NoteStep(const std::string& text) {
  static const auto note = FindInSecondRuntime<void(const char*)>("racelab_interleave_note");
  if (note != nullptr) note(text.c_str());
}

}  // namespace racelab
