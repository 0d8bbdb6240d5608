#ifndef RACELAB_SANITIZERS_REPORT_EXPLORATION_H_
#define RACELAB_SANITIZERS_REPORT_EXPLORATION_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// What the second runtime reports of an exploration: typed, with every place resolved to function, file and line.

// A function that was running at a step.
struct StepFrame {
  std::string place;     // "module+0xoffset", the address after the call
  std::uint64_t pc = 0;  // the same in memory
  std::uint64_t cfa = 0;
  std::vector<std::uint64_t> registers;  // the values of Layout::registers
};

// How the addresses and the registers of an exploration are to be read.
struct Layout {
  std::uint64_t heap = 0, heap_bytes = 0;  // where "heap+0x0" is, and how far the heap can reach
  std::vector<int> registers;              // those that each frame has, by their numbers in DWARF
};

// What the name of a step's object can be found by (object_names.h).
struct Surroundings {
  std::uint64_t address = 0;  // of the object
  std::uint64_t stack_pointer = 0;
  std::vector<StepFrame> frames;  // innermost first
  std::map<std::uint64_t, std::uint64_t> words;
};

// One row of an interleaving.
struct InterleavingStep {
  std::uint64_t number = 0;  // its place among all rows of the interleaving, from 1
  size_t rank = 0;           // where only the most telling steps are kept: its place among these, by what it tells
  int thread = 0;
  bool is_step = true;    // a digit of the schedule; a join, or the place of a crash, follows of itself
  std::string operation;  // "load", "lock", "notify", "choose", ...; "note": a line of the program's own
  std::string note;
  std::string object;                          // what is accessed: "heap+0x40", "stack of T0+0x10", "program+0x4010"
  std::string name;                            // "mutex_", "accounts_[0].balance"; empty if it cannot be known
  std::uint64_t size = 0;                      // bytes, of accesses of at most 8
  std::optional<std::uint64_t> before, after;  // the value there, likewise
  bool is_whole = true;                        // the value is all of the object, not a part without a name
  std::string before_text, after_text;         // as the type says: "true", "-1"; empty if that cannot be known
  bool failed = false;                         // a compare-exchange that found something else than it expected
  std::optional<std::uint64_t> expected;       // by a compare-exchange, or by a thread that sleeps while it is there
  std::string expected_text;
  int joins = -1;                       // of a join: whom
  std::vector<std::string> held;        // the mutexes that the thread holds, as objects
  std::vector<std::string> held_names;  // of each
  Stack stack;
  Surroundings surroundings;
};

// A thread that cannot go on when no thread can.
struct WaitingThread {
  int thread = 0;
  std::string operation;
  std::string object;
  std::string name;
  int holder = -1;  // who would have to let go or end; -1 if that cannot be said
  bool spins = false;
  std::optional<std::uint64_t> expected;  // while this is there it sleeps
  Stack stack;
  Surroundings surroundings;
};

// One of the two accesses of a data race.
struct RacingAccess {
  int thread = 0;
  std::string access;  // "read", "atomic write", "free", ...
  Stack stack;
};

struct InterleavingFailure {
  std::string kind;  // "deadlock", "data race", "failed expectation", ...
  int thread = -1;   // who was running
  std::string message;
  std::uint64_t found_after = 0;  // interleavings
  std::uint64_t occurrences = 1;
  std::string schedule;
  int threads = 0;
  std::string memory;                  // of a data race or a use after free: where the two accesses meet
  std::uint64_t memory_bytes = 0;      // and in how many bytes that is looked for
  std::string memory_name;             // the variable there; empty if it cannot be known
  Surroundings surroundings;           // of the later one
  std::vector<RacingAccess> accesses;  // the two
  std::vector<WaitingThread> waiting;  // of a deadlock
  Stack stack;                         // where the thread was, if the runtime says
  std::string defect;                  // the known defect of a library that this is; empty if it is none
  bool is_note = false;                // a defect that is formal only: told, but no failure
  std::vector<InterleavingStep> steps;
  bool steps_are_chosen = false;            // `steps` are those only that tell the most (verdict/telling_steps.h) ...
  std::uint64_t all_steps = 0;              // ... of so many
  std::vector<InterleavingStep> witnesses;  // of those that were not kept: by which objects of the others have names
};

// One of the searches that an exploration was made of.
struct SearchPhase {
  std::string search;  // "exhaustive", "preemptions", "random", "pct"
  std::uint64_t executions = 0;
  int preemptions = 0;
  std::uint64_t seed = 0;
};

struct Exploration {
  std::string scenario;  // the test, "main" for a whole program
  std::string search;    // "exhaustive", "preemptions", ...
  int preemptions = 0;   // the bound, if that was the search
  std::uint64_t seed = 0;
  std::uint64_t executions = 0;
  std::uint64_t sleep_set_blocked = 0;  // executions that were cut short: what was left of them had been explored
  std::uint64_t failing = 0;
  bool complete = false;
  int preemptions_covered = -1;  // if not complete: all interleavings with at most so many preemptions were run
  bool collapsed_spins = false;
  bool skipped_timeouts = false;
  bool weak_orders = false;          // the program uses memory orders weaker than sequentially consistent
  bool unvaried_addresses = false;   // whether a freed block is given out again at once was not tried both ways
  bool no_spurious_wakeups = false;  // switched off
  bool no_weak_failures = false;     // switched off
  bool virtual_time = false;         // the program reads the clock, and computing takes no time
  bool memory_bound = false;         // the search went on with less than it wanted to keep in memory
  std::uint64_t cut_at_steps = 0;    // executions that ended at the limit of steps
  std::uint64_t cut_after_end = 0;   // executions in which a thread that ran on after the end of main was cut off
  bool out_of_time = false;
  std::vector<std::string> unseen_libraries;  // that the program calls: built without the sanitizer, with atomics
  std::vector<SearchPhase> searches;          // in the order in which they were run
  double seconds = 0;
  std::map<int, std::uint64_t> outcomes;  // exit code -> interleavings, if these were asked for
  Layout layout;
  std::vector<InterleavingFailure> failures;
};

// The kinds of failure that a lab may declare.
bool IsFailureKind(std::string_view kind);

// Whether the second runtime itself ended the process, and why.
enum class RuntimesEnd {
  kNone,
  kGaveUp,     // what it found up to there is worthless
  kMisuse,     // it was asked for something that it does not know
  kTestsHung,  // outside of what is explored
};

struct ParsedExplorations {
  std::vector<Exploration> explorations;  // the places are still "module+offset"
  RuntimesEnd end = RuntimesEnd::kNone;
  std::string words;    // of the runtime, if it ended the process
  std::string problem;  // the line that is cut or broken, and why; those before it have been read
};

// Reads the file that the runtime wrote: a line an exploration, and one if it ended the process.
ParsedExplorations ParseExplorations(std::string_view text);

// All places in the stacks of `explorations`, each once.
std::vector<std::string> Places(const std::vector<Exploration>& explorations);

// Replaces each "module+offset" by the frames that it stands for (several, where functions are inlined).
void Resolve(std::vector<Exploration>& explorations, const std::map<std::string, std::vector<Frame>>& frames);

// One exploration of each scenario, of those that several processes made of parts of its search.
std::vector<Exploration> Merge(const std::vector<Exploration>& parts);

// The stacks that show the failure: its accesses, who waits where, the steps.
std::vector<const Stack*> Stacks(const InterleavingFailure& failure);

// "all 328 interleavings", "the 12,870 interleavings with at most 2 preemptions", "1,000 random interleavings": exactly
// what was covered.
std::string Coverage(const Exploration& exploration);

// What the failure is told apart by from others: two assertions at different lines are two.
std::string Identity(const InterleavingFailure& failure);

// How Coverage() ends where not everything was.
inline constexpr std::string_view kThereAreMore = "; there are more";

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_EXPLORATION_H_
