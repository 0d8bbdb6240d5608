#ifndef RACELAB_SANITIZERS_INTERLEAVE_FAILURE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_FAILURE_H_

#include <cstdint>

#include <iterator>

#include "sanitizers/interleave/happens_before.h"
#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// The ways in which an execution can fail.
enum class FailureKind : std::uint8_t {
  kNone,
  kExpectation,  // one of the test's own
  kDataRace,
  kUseAfterFree,
  kDeadlock,
  kNoProgress,  // a thread that spins or runs for ever
  kCrash,
  kAbort,  // abort(), a failed assert
  kUncaughtException,
  kExit,         // main() returned, or exit() was called with, a value other than 0
  kMutexMisuse,  // of a lock, a condition variable, a barrier or a semaphore
  kHeapMisuse,
  kThreadMisuse,      // a thread is joined or detached twice
  kThreadLeak,        // a thread has ended, but was neither joined nor detached when the process ended
  kUnsupported,       // the program does something that this runtime does not control
  kNotDeterministic,  // the program behaved differently when it was run again
  kPaused,            // no failure: the replay stops here so that the user can continue (SearchOptions::pause)
  kCutOff,            // a limit of the runtime itself; says nothing about the program
};

// Whether a failure of this kind may hide a more telling one; if so, the search goes on.
inline bool IsWeak(FailureKind kind) {
  return kind == FailureKind::kExit || kind == FailureKind::kThreadLeak || kind == FailureKind::kDataRace;
}

// Whether a failure of this kind says nothing about the program.
inline bool CannotTell(FailureKind kind) { return kind == FailureKind::kUnsupported; }

// How an execution ended.
enum class ExecutionEnd : std::uint8_t {
  kOfItself,         // by itself, or by a failure
  kSleepSetBlocked,  // the remainder had been explored before
  kBounded,          // at the limit of steps, or at a point that no fair schedule reaches
  kLost,             // a thread lost its storage: the execution proves nothing, and is run again
  kOutgrown,         // it has more threads than the clocks have room for: it is run again
  kWantsSteps,       // more accesses must be steps: it is run again
};

// Behaviour of the program that was not explored.
struct LeftOut {
  bool collapsed_spins = false;     // Further rounds of loops without an effect.
  bool skipped_timeouts = false;    // Time-outs after the first few.
  bool weak_orders = false;         // Behaviour that only memory orders weaker than sequentially consistent allow.
  bool unvaried_addresses = false;  // Blocks that could have been handed out again at other addresses.
  bool weak_failures = false;       // Of more compare-exchanges than Execution::compare_exchanges names.
  bool virtual_time = false;        // The clock was read; computing takes no time.
  bool aliases = false;             // That two mappings of the same memory of a file are one.
  bool system_changes = false;      // Other orders of calls that change files or the process's state.
  bool spurious_wakeups = false;    // Wake-ups without cause, in punctual time.
  std::uint64_t cut_at_steps = 0;   // Executions that were not run to their ends.
  std::uint64_t cut_after_end = 0;  // Executions in which a thread ran on after the end of main().
};

// The kind's name in reports: "data race", "deadlock".
const char* Name(FailureKind kind);

struct Failure {
  FailureKind kind = FailureKind::kNone;
  int thread = -1;
  char message[1024] = "";
  HappensBefore::Race race{};      // of kDataRace and kUseAfterFree: the earlier access ...
  Access later{};                  // ... and the later access that races with it
  std::int32_t surroundings = -1;  // of the later access: index in Recording::surroundings; -1 if there are none
  std::uintptr_t place = 0;        // where the program was: a digest of the innermost calls
  std::uint64_t livelock_at = 0;   // of kNoProgress: the step at which a livelock was recognised; 0: a spin
};

// Whether both are the same failure, in two executions.
bool SameFailure(const Failure& a, const Failure& b);

// A row of a recorded execution.
struct Event {
  Operation operation;
  std::int16_t thread;
  bool is_step;  // a digit of the schedule; otherwise it follows from other steps (a join, the end of a thread)
  bool has_value;
  bool failed;                  // a compare-exchange that found another value, or a try that failed
  bool older;                   // a load that returned an older value than the latest
  std::int32_t stack;           // index into Recording::stacks
  std::int32_t stack_of;        // an earlier event, by its number, that has the same stack; -1 if none is known
  std::uint64_t before, after;  // the values at the address, for at most 8 bytes
  std::int32_t held;            // index into Recording::held
  std::int32_t note;            // of a kNote: index into Recording::notes
  std::int32_t surroundings;    // index into Recording::surroundings; -1 if there are none
};

// A thread that has not ended, in an execution that ended because no thread could go on, or because it was paused.
struct BlockedThread {
  int thread;
  int slot;             // its digit in a schedule
  bool can_go_on;       // only in a paused execution
  Operation operation;  // the operation that it cannot do, or in which it sleeps
  int holder;           // the thread that would have to unlock, or end; -1 if unknown
  bool spins;
  std::int32_t stack;
  std::int32_t surroundings;  // index into Recording::surroundings; -1 if there are none
};

// The callee-saved registers, by their DWARF numbers: rbx, rbp, r12, r13, r14, r15.
inline constexpr int kRecordedRegisters[] = {3, 6, 12, 13, 14, 15};

// A function that was running at a step.
struct RecordedFrame {
  const void* pc;      // where it continues after the call that it has made
  std::uintptr_t cfa;  // its canonical frame address (DWARF)
  std::uintptr_t registers[std::size(kRecordedRegisters)];
};

struct RecordedWord {
  std::uintptr_t place, value;
};

// How the thread of a step reached the step's object.
struct Surroundings {
  std::uintptr_t address;        // of the object
  std::uintptr_t stack_pointer;  // of the innermost frame; any other frame's is the cfa of the function that it called
  std::int32_t frame, frames;    // index in Recording::frames, and how many there are, innermost first
  std::int32_t word, words;      // likewise: words that point to the object, and words that point to these words
};

// The data that is recorded when an execution is run again in order to show it.
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
