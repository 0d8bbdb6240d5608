#ifndef RACELAB_TESTS_SANITIZERS_EXPLORED_RANDOM_OPERATIONS_H_
#define RACELAB_TESTS_SANITIZERS_EXPLORED_RANDOM_OPERATIONS_H_

// The language of small random programs, which random_program.cc runs with threads, and which the tests' reference
// interpreter evaluates (interleave/reference.h). One argument per thread, main's first; an operation is a word with a
// digit.
//
// A thread keeps a digest of all that it reads. At its end, it unlocks what it holds, joins the threads that it has
// created and has neither joined nor detached, and returns its digest to the joining thread. Main ends with a load of
// each variable, and its digest is the exit code.

#include <cstddef>
#include <cstdint>

namespace racelab {

#define RACELAB_RANDOM_OPERATIONS(X)                                                            \
  /* Variables 0 and 1. What is stored is a new number, at least 10. */                         \
  X(load)                                                                                       \
  X(store)                                                                                      \
  X(add)                                                                                        \
  X(exchange)                                                                                   \
  X(cas)      /* of 0 */                                                                        \
  X(weak_cas) /* likewise */                                                                    \
  X(load_relaxed)                                                                               \
  X(store_relaxed)                                                                              \
  X(add_relaxed)                                                                                \
  X(fence_acquire)                                                                              \
  X(fence_release)                                                                              \
  X(read) /* plain */                                                                           \
  X(write)                                                                                      \
  X(read_if) /* plain, if the value that the thread has read last is not 0 */                   \
  X(write_if)                                                                                   \
  X(write_unless)    /* if it is 0 */                                                           \
  X(choose)          /* stores 0 or 1 */                                                        \
  X(abort_if_one)    /* abort() if the variable is 1 */                                         \
  X(abort_if_stored) /* abort() if it is 10 or more */                                          \
  X(spin)            /* until it is not 0 */                                                    \
  X(spin_yield)                                                                                 \
  X(poll) /* the same, under mutex 1 */                                                         \
  /* Mutexes: 0 and 1 normal, 2 recursive, 3 error-checking. */                                 \
  X(lock)       /* unless this thread holds it and it is not recursive */                       \
  X(lock_again) /* also then */                                                                 \
  X(unlock)     /* if this thread holds it */                                                   \
  X(unlock_anyway)                                                                              \
  X(try_lock)                                                                                   \
  X(timed_lock)                                                                                 \
  /* Read-write locks: 0 as it is by default, 1 prefers writers. */                             \
  X(read_lock)                                                                                  \
  X(try_read_lock)                                                                              \
  X(timed_read_lock)                                                                            \
  X(write_lock)                                                                                 \
  X(try_write_lock)                                                                             \
  X(timed_write_lock)                                                                           \
  X(release) /* one hold on a read-write lock, if this thread has one */                        \
  /* Condition variables 0 and 1, under mutex 0, which is locked for the purpose if need be. */ \
  X(wait) /* without a predicate */                                                             \
  X(timed_wait)                                                                                 \
  X(await) /* until variable 0 is not 0 */                                                      \
  X(signal)                                                                                     \
  X(broadcast)                                                                                  \
  /* Semaphores 0 and 1, at first 0. */                                                         \
  X(post)                                                                                       \
  X(acquire)                                                                                    \
  X(try_acquire)                                                                                \
  X(timed_acquire)                                                                              \
  X(arrive)        /* at barrier 0, of two threads, or 1, of three */                           \
  X(once)          /* 0: adds 1 to variable 0; 1: writes variable 1, plainly */                 \
  X(throwing_once) /* adds 1 to variable 1, and throws if it was 0 */                           \
  X(yield)                                                                                      \
  X(sleep)                                                                                      \
  /* Threads: the digit is the number of the argument. */                                       \
  X(create)                                                                                     \
  X(create_detached)                                                                            \
  X(join)                                                                                       \
  X(detach)                                                                                     \
  X(detach_self) /* whoever creates a thread with this in its text does not join it */          \
  X(end)         /* pthread_exit() */                                                           \
  X(leave)       /* _exit(100 + this thread's argument) */

enum class Verb : std::uint8_t {
#define RACELAB_VERB(name) k_##name,
  RACELAB_RANDOM_OPERATIONS(RACELAB_VERB)
#undef RACELAB_VERB
};

inline constexpr const char* kVerbNames[] = {
#define RACELAB_NAME(name) #name,
    RACELAB_RANDOM_OPERATIONS(RACELAB_NAME)
#undef RACELAB_NAME
};

inline constexpr int kMostRandomThreads = 5;
inline constexpr int kMostRandomOperations = 16;

struct RandomOperation {
  Verb verb;
  std::uint8_t which;
};

struct RandomThread {
  int length = 0;
  bool detaches_itself = false;
  RandomOperation operations[kMostRandomOperations] = {};
};

inline bool SameWord(const char* text, std::size_t length, const char* word) {
  std::size_t i = 0;
  while (i < length && word[i] == text[i]) ++i;
  return i == length && word[i] == '\0';
}

// Parses a text such as "lock0 add1 unlock0". Returns false if it is invalid.
inline bool ParseRandomThread(const char* text, RandomThread& thread) {
  while (*text != '\0') {
    std::size_t length = 0;
    while (text[length] != '\0' && text[length] != ' ') ++length;
    if (length > 0) {
      if (thread.length == kMostRandomOperations) return false;
      int verb = 0;
      constexpr int kVerbs = sizeof kVerbNames / sizeof kVerbNames[0];
      while (verb < kVerbs && !SameWord(text, length - 1, kVerbNames[verb])) ++verb;
      const int which = text[length - 1] - '0';
      if (verb == kVerbs || which < 0 || which > 9) return false;
      thread.operations[thread.length++] = {static_cast<Verb>(verb), static_cast<std::uint8_t>(which)};
      if (static_cast<Verb>(verb) == Verb::k_detach_self) thread.detaches_itself = true;
    }
    text += text[length] == '\0' ? length : length + 1;
  }
  return true;
}

// A digest of the values that a thread has read: different values have different digests (nearly always).
class Digest {
 public:
  void Add(std::uint32_t value) { state_ = (state_ ^ (value + 1)) * 16777619u; }
  std::uint32_t value() const { return state_; }
  static Digest Continue(std::uint32_t value) {
    Digest digest;
    digest.state_ = value;
    return digest;
  }

 private:
  std::uint32_t state_ = 2166136261u;
};

inline int ExitCodeOf(const Digest& digest) { return static_cast<int>(digest.value() & 0x3fffffff); }

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_EXPLORED_RANDOM_OPERATIONS_H_
