#ifndef RACELAB_SANITIZERS_INTERLEAVE_INTERLEAVE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_INTERLEAVE_H_

// The interface for tests that are to be explored. A test looks these functions up by dlsym(); other runtimes do not
// have them.

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Runs body(argument) in every interleaving of the threads that it starts. Returns 0 if all hold, and 1 otherwise; in
// either case, `message` receives a line for human readers. The body should create its own objects; other memory that
// it changes is reset before each execution.
int racelab_interleave_explore(const char* name, void (*body)(void*), void* argument, char* message, size_t size);

// Within the body: this execution does not meet the test's own expectation. Does not return.
void racelab_interleave_fail(const char* message);

// Within the body: whether this is the last run, whose effects are kept. In this run the test reports by its own means.
int racelab_interleave_kept(void);

// Within the body: one of 0 ... count - 1; each is tried. `count` is at most 64.
int racelab_interleave_choose(int count);

// Within the body: adds a line to the running thread's column in the table of a failing interleaving.
void racelab_interleave_note(const char* text);

// Within the body, from here on: computing takes no time, a sleep ends when its time has come and no thread can go on
// otherwise, and nobody wakes without cause. Without this, a sleep may end at any time, because nobody knows how long a
// computation takes.
void racelab_interleave_be_punctual(void);

// Within the body, from a call with 1 to a call with 0: each creation of a thread is tried both ways, as a success and
// as a failure for lack of threads (EAGAIN).
void racelab_interleave_creations_may_fail(int may);

// Within the body: whether loads may return older values than the latest (sanitizers/interleave/older_values.h). If so,
// a thread need not see an earlier store unless the store happens before its load.
int racelab_interleave_older_values(void);

// For a lock library that is linked into the program, so that this runtime cannot replace its functions: if the program
// wraps these functions, the calls below let mutants treat them like the system's locks. `pc` is the wrapper's return
// address. (sanitizers/interleave/mutation.h)
struct racelab_lock_calls {
  void (*lock)(void* lock, const void* pc);
  void (*unlock)(void* lock, const void* pc);
  void (*lock_shared)(void* lock, const void* pc);
  void (*unlock_shared)(void* lock, const void* pc);
};
enum racelab_mutable_call { RACELAB_WAIT, RACELAB_NOTIFY_ONE, RACELAB_NOTIFY_ALL };
enum racelab_mutant { RACELAB_AS_WRITTEN, RACELAB_SKIP, RACELAB_NOTIFY_ONLY_ONE };
struct racelab_mutation_hooks {
  // The thread is about to lock. Returns whether the lock was taken, really or as pretended by the mutant.
  int (*lock)(void* lock, int shared, const struct racelab_lock_calls* calls, const void* pc);
  // Like `lock`, about to try.
  int (*try_lock)(void* lock, int shared, const struct racelab_lock_calls* calls, const void* pc);
  // The thread took the lock, as the program says.
  void (*locked)(void* lock, int shared, const struct racelab_lock_calls* calls);
  // The thread is about to unlock. Returns whether this was done.
  int (*unlock)(void* lock, const void* pc);
  // Whether a mutant does something else instead of locking.
  int (*is_mutated)(int shared, const void* pc);
  // Calls wait(argument), which requires the lock, and releases it while it waits.
  void (*wait)(void* lock, const struct racelab_lock_calls* calls, void (*wait)(void*), void* argument, const void* pc);
  // The thread is about to make another kind of call. `differs`: whether a thread could observe that it was not made.
  enum racelab_mutant (*call)(enum racelab_mutable_call call, int differs, const void* pc);
};
// Null if there is nothing to mutate.
const struct racelab_mutation_hooks* racelab_interleave_mutation_hooks(void);

#ifdef __cplusplus
}
#endif

#endif  // RACELAB_SANITIZERS_INTERLEAVE_INTERLEAVE_H_
