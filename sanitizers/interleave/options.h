#ifndef RACELAB_SANITIZERS_INTERLEAVE_OPTIONS_H_
#define RACELAB_SANITIZERS_INTERLEAVE_OPTIONS_H_

#include <cstdint>

#include "sanitizers/interleave/mutation.h"
#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

enum class Strategy : std::uint8_t {
  kExhaustive,  // every interleaving, up to the order of independent operations
  kFull,        // every interleaving, without reduction
  kBounded,     // every interleaving with at most this many preemptions
  kRandom,      // any thread at each step
  kPct,         // by random priorities that change a few times (Burckhardt et al., ASPLOS 2010)
  kPos,         // by random priorities of operations, drawn anew where operations depend on each other (Yuan, Yang, Gu:
                // "Partial Order Aware Concurrency Sampling", CAV 2018)
  kReplay,      // the given schedule, then the running thread goes on
  kGuided,      // the given turns as far as possible, then the running thread goes on
  kNear,        // most of the given turns, then any thread at each step: shows possible consequences of a data race
};

// The turns and choices of one execution, as a guide for another.
struct Guide {
  Vector<std::uint8_t> turns;                // The thread of each step. A thread that cannot take its turn is skipped.
  Vector<std::uintptr_t> addresses;          // The address of each of these steps.
  Vector<std::uint8_t> values[kMaxThreads];  // The results of each thread's choices.
};

struct SearchOptions {
  Strategy strategy = Strategy::kExhaustive;
  int preemptions = 2;             // of kBounded
  int priority_changes = 3;        // of kPct
  std::uint64_t seed = 1;          // of kRandom and kPct
  Vector<std::uint8_t> schedule;   // of kReplay
  bool pause = false;              // of kReplay: ends after the schedule, once several threads could go on
  Guide guide;                     // of kGuided and kNear
  unsigned shard = 0, shards = 1;  // this process's part, if several processes share the search
  const char* promoted = "";       // of kReplay: names of the memory whose accesses the search had made steps before
};

// What RACELAB_INTERLEAVE says, as key=value separated by commas:
//   search=exhaustive|full|preemptions:N|random|pct|replay:SCHEDULE   seed=N
//   shard=I/N (I from 0)   executions=N   seconds=S   total=S (of all explorations: once they have taken so many
//   seconds, the others have a small part of `seconds` each)   steps=N (of one execution)   all=1
//   whole=1 (explore main() itself, not what the program asks for)   show_output=1
//   idle=S (end the program if it spends so many seconds outside of explorations)
//   known_race=PLACE*PLACE (of two accesses, each "module+0xoffset": no failure; may be given again)
//   spurious=0 (no wake-ups and no failures of weak compare-exchanges without cause)   addresses=0 (a freed block is
//   always the next to be handed out)   trace=1 (print every step of every execution)   outcomes=1 (an exit code is no
//   failure: count them) minimise=0   first=1 (any failure ends
//   the search)   sites=1 (report the call sites that could be mutated)   mutate=MUTATOR:ID+ID... (the mutant, and
//   where: mutation.h)   older_values=N (of the loads of an execution, up to N may return an older value:
//   older_values.h)   pause=1 (of a replay: end where the schedule ends and several threads could go on)
// RACELAB_INTERLEAVE_REPORT is the file to which the report is appended; if it is not set, there is no report.
// RACELAB_INTERLEAVE_CONSTRUCTORS is set by the runtime itself (constructors.h).
struct Options {
  SearchOptions search;
  std::uint64_t executions = 0;  // 0: no limit
  double seconds = 0;            // of one exploration; 0: no limit
  double total = 0;              // seconds of all explorations of the process; 0: no limit
  double deadline = 0;           // 0: none
  std::uint64_t steps = 200'000;
  bool spurious = true;
  bool addresses = true;
  bool all = false;  // go on after the first failure
  bool whole = false;
  bool constructors = false;  // are part of executions: constructors.h
  bool show_output = false;
  bool outcomes = false;
  bool trace = false;
  bool minimise = true;
  bool first = false;                // the first failure of any kind ends the search
  bool sites = false;                // report the call sites at which the program could be mutated,
  Mutator mutator = Mutator::kNone;  // or mutate it at these sites
  Vector<std::uint64_t> mutated_sites;
  std::uint64_t older_values = 0;  // the number of loads of an execution that may return one (older_values.h)
  std::uint64_t idle = 0;          // 0: no limit
  char report[512] = "";
  Vector<const char*> known_races;

  // The limit of an exploration before which others took so many seconds: `seconds`, or a small part of it if `total`
  // is used up.
  double SecondsAfter(double others) const;
};

extern Options options;

// Reads the environment; calls Misuse() if it contains something unknown.
void ReadOptions();

// A schedule has one digit for each step (0-9, a-z, A-Z, + and @): the slot of the thread that takes it or, for a
// choice, the value: "0112a". If plain accesses had become steps, because of data races on them, the names of their
// memory stand before it: "m0.4010,h40:0112a". False if `text` is not a schedule.
bool ParseSchedule(const char* text, SearchOptions& search);

inline constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+@";

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_OPTIONS_H_
