#ifndef RACELAB_SANITIZERS_PROCESS_CHILD_H_
#define RACELAB_SANITIZERS_PROCESS_CHILD_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace racelab {

// What a child may use. Memory and processes are those of the child and all that it starts, looked at every 20 ms: a
// limit on the address space (RLIMIT_AS) is no use, for ThreadSanitizer reserves terabytes of it, and one on the user's
// processes (RLIMIT_NPROC) does not bind root.
struct Limits {
  absl::Duration time = absl::Seconds(20);
  int64_t memory_bytes = int64_t{2} << 30;   // resident
  int64_t output_bytes = int64_t{16} << 20;  // stdout and stderr together
  int processes = 64;
};

struct ChildSpec {
  std::vector<std::string> argv;                                 // argv[0] without a slash is looked for in PATH
  std::vector<std::pair<std::string, std::string>> environment;  // added to ours, or in place of it
  std::string directory;                                         // to run in; empty: ours
  std::string input;                                             // stdin is read from this file; empty: /dev/null
  Limits limits;
  bool fixed_addresses = false;  // without address-space randomisation: personality(ADDR_NO_RANDOMIZE)
  // Called with stdout's and stderr's bytes as they come, on the thread that called RunChild.
  std::function<void(std::string_view)> on_output;
};

enum class ChildEnd {
  kExited,
  kSignalled,
  kTimeLimit,
  kDeadlock,    // of mutexes and joins: found and ended before the time limit
  kStandstill,  // every thread waits for another to wake it: as soon found
  kMemoryLimit,
  kOutputLimit,
  kProcessLimit,
  kNotStarted,
  kInterrupted,  // by RequestInterrupt
};

// How a child ended, and what it took.
struct ChildOutcome {
  ChildEnd end = ChildEnd::kNotStarted;
  int exit_code = 0;  // if kExited
  int signal = 0;     // if kSignalled
  absl::Duration time;
  int64_t peak_memory_bytes = 0;  // resident; of the child and all that it started at once, as far as seen
  std::string note;               // why it did not start and what to do, or which limit it broke; empty otherwise
  // If it hung: who waits for whom, a line a thread. Thread 1 is the main thread, the others are numbered as they
  // began.
  std::vector<std::string> wait_for;
};

// That, and what it printed.
struct ChildResult : ChildOutcome {
  std::string out;  // stdout; of a very long one the beginning and the end
  std::string err;
};

// Runs a program to its end, or ends it: at a limit, when interrupted, or when its threads can never go on (its own; a
// process that it starts comes to the time limit).
//
// The program runs in a session of its own, with stdin from a file and no core dumps. However it ends, everything
// that it started is dead and reaped on return, daemons too. Should this process die, the program is killed.
//
// Never fails: what goes wrong is in the result. May be called from several threads at once.
ChildResult RunChild(const ChildSpec& spec);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_CHILD_H_
