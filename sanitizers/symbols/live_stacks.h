#ifndef RACELAB_SANITIZERS_SYMBOLS_LIVE_STACKS_H_
#define RACELAB_SANITIZERS_SYMBOLS_LIVE_STACKS_H_

#include <sys/types.h>

#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// The stack of a thread of another process.
struct LiveStack {
  pid_t thread = 0;
  Stack stack;  // with functions, files and lines where known
};

// Briefly stops each thread of `process` (ptrace(2)) and reads its stack. Returns the stacks in the order of the
// threads' creation; empty if the process is gone or we may not trace it. It must be a descendant of this process, or
// the user must be permitted to trace it (see kernel.yama.ptrace_scope).
std::vector<LiveStack> LiveStacks(pid_t process);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_LIVE_STACKS_H_
