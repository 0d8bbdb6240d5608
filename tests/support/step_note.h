#ifndef RACELAB_TESTS_SUPPORT_STEP_NOTE_H_
#define RACELAB_TESTS_SUPPORT_STEP_NOTE_H_

#include <string>

namespace racelab {

// Adds a line to the table of a failing interleaving, in the column of the running thread: what the thread does in the
// program's own words ("LOAD visits -> 0"). Only the second runtime shows it.
void NoteStep(const std::string& text);

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_STEP_NOTE_H_
