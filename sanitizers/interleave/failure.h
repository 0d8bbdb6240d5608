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
  HappensBefore::Race race{};      // of kDataRace and kUseAfterFree: the earlier access ...
  Access later{};                  // ... and the one that met it
  std::int32_t surroundings = -1;  // of that one: index into Recording::surroundings; -1 if there are none
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
  std::int32_t surroundings;    // index into Recording::surroundings; -1 if there are none
};

// A thread that cannot go on when an execution is stuck.
struct BlockedThread {
  int thread;
  Operation operation;  // that it cannot do, or that it sleeps in
  int holder;           // who would have to let go, or end; -1 if that cannot be said
  bool spins;
  std::int32_t stack;
  std::int32_t surroundings;  // index into Recording::surroundings; -1 if there are none
};

// A function that was running at a step.
struct RecordedFrame {
  const void* pc;               // where it goes on when what it has called returns
  std::uintptr_t cfa;           // its canonical frame address, as DWARF calls it
  std::uintptr_t registers[6];  // rbx, rbp, r12, r13, r14, r15
};

struct RecordedWord {
  std::uintptr_t place, value;
};

// How the thread of a step got at the object of the step.
struct Surroundings {
  std::uintptr_t address;        // of the object
  std::uintptr_t stack_pointer;  // of the innermost of the frames; a frame's is the canonical address of what it called
  std::int32_t frame, frames;    // index into Recording::frames, and how many, innermost first
  std::int32_t word, words;      // likewise: words that point to the object, and words that point to these
};

// What is kept of an execution when it is run once more in order to be shown.
struct Recording {
  Vector<Event> events;
  Vector<const void*> stacks;   // innermost first, each ended by a null
  Vector<std::uintptr_t> held;  // mutexes, each list ended by a 0
  Vector<char> notes;           // each ended by a 0
  Vector<BlockedThread> blocked;
  Vector<Surroundings> surroundings;
  Vector<RecordedFrame> frames;
  Vector<RecordedWord> words;
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_FAILURE_H_
