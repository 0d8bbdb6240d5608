#ifndef RACELAB_TESTS_SANITIZERS_EXPLORED_UNSEEN_LIBRARY_H_
#define RACELAB_TESTS_SANITIZERS_EXPLORED_UNSEEN_LIBRARY_H_

// A library that is built without the sanitizer, as those of a distribution are: what its own atomics order is not
// seen.
namespace unseen {

// A lock that sleeps on a futex.
struct Lock {
  int state = 0;  // 0: free, 1: held, 2: held, and somebody may sleep
};
void Acquire(Lock& lock);
void Release(Lock& lock);

// A place for one pointer.
struct Slot {
  int* value = nullptr;
};
void Put(Slot& slot, int* value);
int* Take(Slot& slot);  // Waits until there is one.

// Runs `function(argument)` in a thread of the library's own, which nobody ever joins, and waits until it is done.
void RunElsewhere(void (*function)(void*), void* argument);

struct Large {
  long values[5];
};
// More arguments than there are registers for, and a result that needs memory.
Large Collect(long a, long b, long c, long d, long e, long f, long g, double h, long i);
[[noreturn]] void Throw(int value);

}  // namespace unseen

#endif  // RACELAB_TESTS_SANITIZERS_EXPLORED_UNSEEN_LIBRARY_H_
