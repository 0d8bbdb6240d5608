#ifndef RACELAB_SANITIZERS_PROCESS_CHILD_H_
#define RACELAB_SANITIZERS_PROCESS_CHILD_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace racelab {

// Limits on what a child uses. Memory and the number of processes are measured over the child and everything that it
// starts, every 20 ms. A limit on the address space (RLIMIT_AS) would not help, because ThreadSanitizer reserves
// terabytes of it, and a limit on the user's processes (RLIMIT_NPROC) does not bind root.
struct Limits {
  absl::Duration time = absl::Seconds(20);
  int64_t memory_bytes = int64_t{2} << 30;   // resident
  int64_t output_bytes = int64_t{16} << 20;  // stdout and stderr together
  int processes = 64;
};

// A process with threads that can never continue.
struct StuckProcess {
  pid_t process = 0;
  bool is_deadlock = false;           // a cycle of mutexes and joins; otherwise, each thread waits to be woken
  std::vector<pid_t> threads;         // the threads that can never continue
  std::vector<std::string> wait_for;  // for each of `threads`, what it waits for
};

struct ChildSpec {
  std::vector<std::string> argv;                                 // argv[0] without a slash is looked up in PATH
  std::vector<std::pair<std::string, std::string>> environment;  // added to ours, or replacing variables in it
  std::string directory;                                         // the directory to run in; empty: ours
  std::string input;                                             // stdin is read from this file; empty: /dev/null
  bool own_input = false;                                        // stdin is ours, in place of `input`
  bool one_output = false;  // stderr goes to stdout's pipe, which preserves their relative order
  Limits limits;
  std::stop_token stop;          // ends this run as RequestInterrupt() ends all runs
  bool fixed_addresses = false;  // without address-space randomisation: personality(ADDR_NO_RANDOMIZE)
  // Called with the bytes of stdout and stderr as they come, on the thread that called RunChild.
  std::function<void(std::string_view)> on_output;
  // If set, gets the bytes of stderr in place of `on_output`.
  std::function<void(std::string_view)> on_error_output;
  absl::Duration tick = absl::Milliseconds(20);  // how often limits are checked
  absl::Duration grace;  // between SIGTERM and SIGKILL, if the child has to be ended, or has left others running
  // If set, deadlocks are also detected in the processes that the program starts: such a process is ended, and the
  // program continues. Called for each process, or the program itself, before it is ended.
  std::function<void(const StuckProcess&)> on_stuck;
};

enum class ChildEnd {
  kExited,
  kSignalled,
  kTimeLimit,
  kDeadlock,    // a cycle of mutexes and joins: detected and ended before the time limit
  kStandstill,  // every thread waits to be woken by another one: detected just as early
  kMemoryLimit,
  kOutputLimit,
  kProcessLimit,
  kNotStarted,
  kInterrupted,  // by RequestInterrupt or `ChildSpec::stop`
};

// How a child ended, and what it used.
struct ChildOutcome {
  ChildEnd end = ChildEnd::kNotStarted;
  int exit_code = 0;  // if kExited
  int signal = 0;     // if kSignalled
  absl::Duration time;
  int64_t peak_memory_bytes = 0;  // resident; the peak total of the child and everything that it started
  std::string note;               // why it did not start and what to do, or which limit it exceeded; empty otherwise
  int left_running = 0;           // processes that outlived the program, which had ended by itself, and were ended
  // If the child hung: who waits for whom, one line for each thread. Thread 1 is the main thread; the others are
  // numbered in the order in which they began.
  std::vector<std::string> wait_for;
};

// The outcome, and the child's output.
struct ChildResult : ChildOutcome {
  std::string out;  // stdout; only the beginning and the end of a very long one
  std::string err;
};

// Runs a program until it ends, or ends it: at a limit, when interrupted, or when its threads can never continue.
// (Without `on_stuck`, this is detected only for the program's own threads; a process that it starts runs into the time
// limit.)
//
// The program runs in a session of its own, with stdin from a file and no core dumps. However it ends, everything that
// it started, including daemons, is dead and reaped on return. If this process is killed, so are they.
//
// Never fails: errors are in the result. May be called from several threads at once.
ChildResult RunChild(const ChildSpec& spec);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_CHILD_H_
