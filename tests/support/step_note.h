#ifndef RACELAB_TESTS_SUPPORT_STEP_NOTE_H_
#define RACELAB_TESTS_SUPPORT_STEP_NOTE_H_

#include <string>

namespace racelab {

// A line of the scenario's own in the table of a failing interleaving, in the column of the running thread: what it
// does in the words of the program ("LOAD visits -> 0"), beside what it does to memory. Only the second runtime shows
// it.
void NoteStep(const std::string& text);

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_STEP_NOTE_H_
