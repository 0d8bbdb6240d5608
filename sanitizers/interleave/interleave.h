#ifndef RACELAB_SANITIZERS_INTERLEAVE_INTERLEAVE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_INTERLEAVE_H_

// What a test that wants to be explored finds in the process, by dlsym(): under any other runtime it is not there.

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Runs body(argument) in every interleaving of the threads that it starts. Returns 0 if all hold, else 1; `message`
// says which it was. The body makes its own objects; memory that it changes elsewhere is set back before each
// execution.
int racelab_interleave_explore(const char* name, void (*body)(void*), void* argument, char* message, size_t size);

// Within the body: this execution failed the test's own expectation. Does not return.
void racelab_interleave_fail(const char* message);

// Within the body: whether this is the last run, whose effects stay. Then the test reports by its own means instead.
int racelab_interleave_kept(void);

// Within the body, one of 0 ... count - 1; each is tried. At most 16.
int racelab_interleave_choose(int count);

// Within the body: adds a line to the running thread's column in the table of an interleaving that is shown.
void racelab_interleave_note(const char* text);

// Within the body, from here on: computing takes no time, and a sleep ends when its time has come and no thread can go
// on otherwise. Without this a sleep may end at any time, since how long a computation takes is anybody's guess.
void racelab_interleave_be_punctual(void);

// Within the body: from a call with 1 to one with 0, each creation of a thread is tried both ways, successful and
// failing for want of threads (EAGAIN).
void racelab_interleave_creations_may_fail(int may);

#ifdef __cplusplus
}
#endif

#endif  // RACELAB_SANITIZERS_INTERLEAVE_INTERLEAVE_H_
