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

// The second runtime's report of an exploration as values, with every place resolved to function, file and line.

// A function that was running at a step.
struct StepFrame {
  std::string place;     // "module+0xoffset", the address after the call
  std::uint64_t pc = 0;  // the same address in memory
  std::uint64_t cfa = 0;
  std::vector<std::uint64_t> registers;  // the values of the registers in Layout::registers
};

// How to read the addresses and the registers of an exploration.
struct Layout {
  std::uint64_t heap = 0, heap_bytes = 0;  // where "heap+0x0" is, and the size that the heap can reach
  std::vector<int> registers;              // the registers that each frame has, by their DWARF numbers
};

// The data from which the name of a step's object is found (object_names.h).
struct Surroundings {
  std::uint64_t address = 0;  // of the object
  std::uint64_t stack_pointer = 0;
  std::vector<StepFrame> frames;  // innermost first
  std::map<std::uint64_t, std::uint64_t> words;
};

// One row of an interleaving.
struct InterleavingStep {
  std::uint64_t number = 0;  // its number among all rows of the interleaving, from 1
  size_t rank = 0;           // if only the most telling steps are kept: the rank, most telling first
  int thread = 0;
  bool is_step = true;    // a digit of the schedule; a join or the place of a crash is not: it follows from the rest
  std::string operation;  // "load", "lock", "notify", "choose", ...; "note": a line that the program itself wrote
  std::string order;      // of an atomic operation: "relaxed", "acquire"; empty if it is sequentially consistent
  std::string note;
  // The accessed object: "heap+0x40", "stack of T0+0x10", "program+0x4010"; "file #2", "descriptor 4".
  std::string object;
  std::string name;                            // "mutex_", "accounts_[0].balance"; empty if unknown
  std::uint64_t size = 0;                      // of the access, in bytes; only for accesses of at most 8 bytes
  std::optional<std::uint64_t> before, after;  // the value there, also only for accesses of at most 8 bytes
  bool is_whole = true;                        // the value is that of the whole object, not of a part without a name
  std::string before_text, after_text;         // formatted by type: "true", "-1"; empty if unknown
  bool failed = false;                         // a compare-exchange that found a value other than the expected one
  bool older = false;                          // a load that returned an older value than the latest
  std::optional<std::uint64_t> expected;  // by a compare-exchange, or by a thread that sleeps while this value is there
  std::string expected_text;
  int joins = -1;                       // of a join: the thread that is joined
  std::vector<std::string> held;        // the mutexes that the thread holds, as objects
  std::vector<std::string> held_names;  // the names of these mutexes
  Stack stack;
  Surroundings surroundings;
};

// A live thread in a state in which no thread can continue, or in which the user must choose one.
struct WaitingThread {
  int thread = 0;
  int slot = 0;            // its digit in a schedule
  bool can_go_on = false;  // only if the user must choose
  std::string operation;
  std::string object;
  std::string name;
  int holder = -1;  // the thread that would have to unlock or end; -1 if unknown
  bool spins = false;
  std::optional<std::uint64_t> expected;  // the thread sleeps while this value is there
  Stack stack;
  Surroundings surroundings;
};

// One of the two accesses of a data race.
struct RacingAccess {
  int thread = 0;
  std::string access;  // "read", "atomic write", "free", ...
  Stack stack;
  bool knows_held = false;              // whether the next members are known
  std::vector<std::string> held;        // the locks that the thread held, as objects
  std::vector<std::string> held_names;  // the names of these locks
};

struct InterleavingFailure {
  std::string kind;  // "deadlock", "data race", "failed expectation", ...
  int thread = -1;   // the thread that was running
  std::string message;
  std::uint64_t found_after = 0;  // the number of interleavings run before
  std::uint64_t occurrences = 1;
  std::string schedule;
  int threads = 0;
  int preemptions = 0;                 // of the schedule
  std::string memory;                  // of a data race or a use after free: the address at which the two accesses meet
  std::uint64_t memory_bytes = 0;      // the size of the range in which accesses count as meeting
  std::string memory_name;             // the variable there; empty if unknown
  Surroundings surroundings;           // of the later access
  std::vector<RacingAccess> accesses;  // both accesses
  std::vector<WaitingThread> waiting;  // of a deadlock
  Stack stack;                         // where the thread was, if the runtime says so
  std::string defect;                  // the known defect of a library that causes this failure; empty if there is none
  bool is_note = false;                // a purely formal defect: shown, but not a failure
  std::vector<InterleavingStep> steps;
  bool steps_are_chosen = false;            // `steps` holds only the most telling steps (verdict/telling_steps.h) ...
  std::uint64_t all_steps = 0;              // ... of this number of steps
  std::vector<InterleavingStep> witnesses;  // steps not in `steps`, from which objects there get their names
};

// One of the searches of an exploration.
struct SearchPhase {
  std::string search;  // "exhaustive", "preemptions", "random", "pct"
  std::uint64_t executions = 0;
  int preemptions = 0;
  std::uint64_t seed = 0;
};

// A place at which the program could be mutated: sanitizers/interleave/mutation.h.
struct CallSite {
  std::string test;                  // the test that reaches it; empty if not needed
  std::string does;                  // "lock", "notify all", "load", ...
  int order = 0;                     // of an atomic operation: the number of its memory order
  bool can_be_shared = false;        // an exclusive lock that could be shared, under which memory is written
  bool nested = false;               // a lock that was taken while the thread held another one
  bool concurrent = false;           // in some execution, other threads were alive
  std::vector<std::uint64_t> locks;  // locks taken here, perhaps not all
  std::vector<std::string> places;   // of the calls, innermost first: "module+0xoffset"
  std::vector<std::uint64_t> ids;    // an id for each of `places`, covering the calls that it led to
};

struct Exploration {
  std::string scenario;  // the test; "main" for a whole program
  std::string search;    // "exhaustive", "preemptions", ...
  int preemptions = 0;   // the bound, if the search was "preemptions"
  std::uint64_t seed = 0;
  std::uint64_t executions = 0;
  std::uint64_t sleep_set_blocked = 0;  // executions cut short: the rest of each had been explored before
  std::uint64_t failing = 0;
  bool complete = false;
  int preemptions_covered = -1;  // if not complete: all interleavings with at most this many preemptions were run
  bool collapsed_spins = false;
  bool skipped_timeouts = false;
  bool weak_orders = false;          // the program uses memory orders weaker than sequentially consistent
  int older_values = 0;              // how many loads of an execution could return an older value than the latest
  bool fences = false;               // the program uses fences, which ThreadSanitizer does not take into account
  bool unvaried_addresses = false;   // only one of the two was tried: reusing a freed block immediately, or not
  bool no_spurious_wakeups = false;  // spurious wake-ups of condition variables were switched off
  bool no_weak_failures = false;     // spurious failures of weak compare-exchanges were not, or not all, tried
  bool virtual_time = false;         // the program reads the clock, and computing takes no time
  bool aliases = false;              // the program maps the same memory at two addresses: not known to be one
  bool system_changes = false;       // calls that change files, the folder, protections ... are no steps
  bool shared_stacks = false;        // a thread used local objects of another's functions,
  bool unseen_locals = false;        // and not all accesses to these are known: see LeavesOutLocals()
  bool unseen_copies = false;        // not all copies of memory are known: see LeavesOutCopies()
  bool memory_bound = false;         // the search hit its memory bound and continued with less state
  std::uint64_t cut_at_steps = 0;    // executions that ended at the limit on steps
  std::uint64_t cut_after_end = 0;   // executions in which a thread that ran on after the end of main was cut off
  bool out_of_time = false;
  std::vector<std::string> unseen_libraries;   // called libraries that use atomics but are not instrumented
  std::vector<std::string> compare_exchanges;  // "module+0xoffset" of those that may be weak and were not made to fail
  bool has_more_compare_exchanges = false;     // such ones
  std::vector<SearchPhase> searches;           // in the order in which they were run
  double seconds = 0;
  std::map<int, std::uint64_t> outcomes;  // exit code -> number of interleavings, if requested
  Layout layout;
  std::vector<InterleavingFailure> failures;

  std::vector<CallSite> sites;                    // if requested
  std::uint64_t mutated = 0;                      // of a mutant: the executions that behaved differently,
  std::optional<InterleavingFailure> difference;  // and the shortest that a thread could notice, if none fails
};

// Whether an object is a descriptor's number, "descriptor 4": using the descriptor reads it, and opening or closing the
// descriptor writes it.
bool IsDescriptor(std::string_view object);

// The kinds of failure that a lab may declare.
bool IsFailureKind(std::string_view kind);

// Whether and why the second runtime itself ended the process.
enum class RuntimesEnd {
  kNone,
  kGaveUp,     // its results up to this point are worthless
  kMisuse,     // it was asked for something that does not exist
  kTestsHung,  // outside of the explored scenarios
};

struct ParsedExplorations {
  std::vector<Exploration> explorations;  // the places are still "module+offset"
  RuntimesEnd end = RuntimesEnd::kNone;
  std::string words;    // the runtime's message, if it ended the process
  std::string problem;  // which line is truncated or malformed, and why; earlier lines have been read
};

// Reads the file that the runtime wrote: one line for each exploration, and one more if the runtime ended the process.
ParsedExplorations ParseExplorations(std::string_view text);

// All places in the stacks of `explorations`, each place once.
std::vector<std::string> Places(const std::vector<Exploration>& explorations);

// All places in the call sites, each place once.
std::vector<std::string> Places(const std::vector<CallSite>& sites);

// Replaces each "module+offset" by its frames (several, where functions are inlined).
void Resolve(std::vector<Exploration>& explorations, const std::map<std::string, std::vector<Frame>>& frames);

// Merges the explorations that several processes made of parts of the search: one exploration for each scenario.
std::vector<Exploration> Merge(const std::vector<Exploration>& parts);

// The stacks that show the failure: those of its accesses, of its waiting threads and of its steps.
std::vector<const Stack*> Stacks(const InterleavingFailure& failure);

// "all 328 interleavings", "the 12,870 interleavings with at most 2 preemptions", "1,000 random interleavings": exactly
// what was covered.
std::string Coverage(const Exploration& exploration);

// Whether every interleaving was run to its end.
bool IsAll(const Exploration& exploration);

// The text that identifies this failure: failed assertions at different lines are two failures.
std::string Identity(const InterleavingFailure& failure);

// The end of Coverage() if not everything was covered.
inline constexpr std::string_view kThereAreMore = "; there are more";

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_EXPLORATION_H_
