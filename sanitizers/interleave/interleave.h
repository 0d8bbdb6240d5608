#ifndef RACELAB_SANITIZERS_INTERLEAVE_INTERLEAVE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_INTERLEAVE_H_

// The interface for a test that wants to be explored. The test finds it by dlsym(); under any other runtime it does not
// exist.

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Runs body(argument) in every interleaving of the threads that it starts. Returns 0 if all hold, and 1 otherwise;
// `message` gets a line for human readers in either case. The body makes its own objects; other memory that it changes
// is reset before each execution.
int racelab_interleave_explore(const char* name, void (*body)(void*), void* argument, char* message, size_t size);

// Within the body: this execution does not meet the test's own expectation. Does not return.
void racelab_interleave_fail(const char* message);

// Within the body: whether this is the last run, whose effects are kept. In this run the test reports by its own means.
int racelab_interleave_kept(void);

// Within the body: one of 0 ... count - 1; each is tried. `count` is at most 64.
int racelab_interleave_choose(int count);

// Within the body: adds a line to the running thread's column in the table of a failing interleaving.
void racelab_interleave_note(const char* text);

// Within the body, from here on: computing takes no time, and a sleep ends when its time has come and no thread can go
// on otherwise. Without this, a sleep may end at any time, because nobody knows how long a computation takes.
void racelab_interleave_be_punctual(void);

// Within the body, from a call with 1 to a call with 0: each creation of a thread is tried both ways, as a success and
// as a failure for lack of threads (EAGAIN).
void racelab_interleave_creations_may_fail(int may);

#ifdef __cplusplus
}
#endif

#endif  // RACELAB_SANITIZERS_INTERLEAVE_INTERLEAVE_H_
