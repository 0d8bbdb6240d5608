#ifndef RACELAB_TESTS_SANITIZERS_EXPLORED_UNSEEN_LIBRARY_H_
#define RACELAB_TESTS_SANITIZERS_EXPLORED_UNSEEN_LIBRARY_H_

// A library that is built without the sanitizer, like a distribution's: the order that its atomics establish is not
// seen.
namespace unseen {

// A lock that sleeps on a futex.
struct Lock {
  int state = 0;  // 0: free, 1: held, 2: held, and a thread may sleep
};
void Acquire(Lock& lock);
void Release(Lock& lock);

// A place for one pointer.
struct Slot {
  int* value = nullptr;
};
void Put(Slot& slot, int* value);
int* Take(Slot& slot);  // Waits until there is a pointer.

// Runs `function(argument)` in the library's own thread, which is never joined, and waits until it has run.
void RunElsewhere(void (*function)(void*), void* argument);

struct Large {
  long values[5];
};
// Needs more arguments than there are registers for, and memory for the result.
Large Collect(long a, long b, long c, long d, long e, long f, long g, double h, long i);
[[noreturn]] void Throw(int value);

}  // namespace unseen

#endif  // RACELAB_TESTS_SANITIZERS_EXPLORED_UNSEEN_LIBRARY_H_
