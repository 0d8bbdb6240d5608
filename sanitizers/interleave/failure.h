#ifndef RACELAB_SANITIZERS_INTERLEAVE_FAILURE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_FAILURE_H_

#include <cstdint>

#include "sanitizers/interleave/happens_before.h"
#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// What can be wrong with an execution.
enum class FailureKind : std::uint8_t {
  kNone,
  kExpectation,  // the test's own
  kDataRace,
  kUseAfterFree,
  kDeadlock,
  kNoProgress,  // a thread that spins or runs for ever
  kCrash,
  kAbort,  // abort(), a failed assert
  kUncaughtException,
  kExit,  // main() returned, or exit() was given, something other than 0
  kMutexMisuse,
  kHeapMisuse,
  kUnsupported,       // the program does what this runtime does not control
  kNotDeterministic,  // the program did something else when it was run again
};

// "data race", "deadlock"; the word of the report.
const char* Name(FailureKind kind);

struct Failure {
  FailureKind kind = FailureKind::kNone;
  int thread = -1;
  char message[1024] = "";
  HappensBefore::Race race{};  // of kDataRace and kUseAfterFree: the earlier access ...
  Access later{};              // ... and the one that met it
};

// One row of a recorded execution.
struct Event {
  Operation operation;
  std::int8_t thread;
  bool is_step;  // a digit of the schedule; else it follows of itself (a join, a thread's end)
  bool has_value;
  std::int32_t stack;           // index into Recording::stacks
  std::uint64_t before, after;  // what is at the address, of at most 8 bytes
  std::int32_t held;            // index into Recording::held
  std::int32_t note;            // of a kNote: index into Recording::notes
};

// A thread that cannot go on when an execution is stuck.
struct BlockedThread {
  int thread;
  Operation operation;  // that it cannot do, or that it sleeps in
  int holder;           // who would have to let go, or end; -1 if that cannot be said
  bool spins;
  std::int32_t stack;
};

// What is kept of an execution when it is run once more in order to be shown.
struct Recording {
  Vector<Event> events;
  Vector<const void*> stacks;   // innermost first, each ended by a null
  Vector<std::uintptr_t> held;  // mutexes, each list ended by a 0
  Vector<char> notes;           // each ended by a 0
  Vector<BlockedThread> blocked;
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_FAILURE_H_
