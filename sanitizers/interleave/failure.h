#ifndef RACELAB_SANITIZERS_INTERLEAVE_FAILURE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_FAILURE_H_

#include <cstdint>

#include <iterator>

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
  kExit,         // main() returned, or exit() was given, something other than 0
  kMutexMisuse,  // of a lock, a condition variable, a barrier, a semaphore
  kHeapMisuse,
  kThreadMisuse,      // joined or detached twice
  kThreadLeak,        // ended, and neither joined nor detached when the process ends
  kUnsupported,       // the program does what this runtime does not control
  kNotDeterministic,  // the program did something else when it was run again
  kCutOff,            // the runtime's own limits; says nothing of the program
};

// Whether a failure of this kind may hide a more telling one: then the search goes on for that.
inline bool IsWeak(FailureKind kind) {
  return kind == FailureKind::kExit || kind == FailureKind::kThreadLeak || kind == FailureKind::kDataRace;
}

// How an execution came to its end.
enum class ExecutionEnd : std::uint8_t {
  kOfItself,    // or by a failure
  kRedundant,   // what was left of it had been explored
  kBounded,     // at the limit of steps, or where no fair schedule gets
  kLost,        // a thread lost its storage: it says nothing, and is run again
  kOutgrown,    // it has more threads than clocks have room for: the same
  kWantsSteps,  // it needs more to be steps: the same
};

// What was not explored of what there was to explore.
struct LeftOut {
  bool collapsed_spins = false;     // Rounds of loops that find nothing new.
  bool skipped_timeouts = false;    // Time-outs after the first few.
  bool weak_orders = false;         // What memory orders weaker than sequentially consistent allow.
  bool unvaried_addresses = false;  // Blocks that could have been given out again at another address.
  bool weak_failures = false;       // Those of compare-exchanges that may be weak: the compiler does not say.
  bool virtual_time = false;        // The clock was read: computing takes no time.
  std::uint64_t cut_at_steps = 0;   // Executions that were not run to their ends.
  std::uint64_t cut_after_end = 0;  // Executions in which a thread ran on after the end of main().
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
  std::uintptr_t place = 0;        // where the program was: a digest of the innermost calls
};

// Whether the two are one failure, in two executions.
bool SameFailure(const Failure& a, const Failure& b);

// One row of a recorded execution.
struct Event {
  Operation operation;
  std::int16_t thread;
  bool is_step;  // a digit of the schedule; else it follows of itself (a join, a thread's end)
  bool has_value;
  bool failed;                  // a compare-exchange or a try that found something else
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

// The registers that a callee preserves, by their numbers in DWARF: rbx, rbp, r12, r13, r14, r15.
inline constexpr int kRecordedRegisters[] = {3, 6, 12, 13, 14, 15};

// A function that was running at a step.
struct RecordedFrame {
  const void* pc;      // where it goes on when what it has called returns
  std::uintptr_t cfa;  // its canonical frame address, as DWARF calls it
  std::uintptr_t registers[std::size(kRecordedRegisters)];
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
