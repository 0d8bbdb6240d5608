#ifndef RACELAB_SANITIZERS_INTERLEAVE_CLOCK_H_
#define RACELAB_SANITIZERS_INTERLEAVE_CLOCK_H_

#include <sys/syscall.h>
#include <time.h>
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {

// Real time, in seconds. Calls the kernel, because the C library would read the time stamp counter, which faults during
// an exploration.
inline double Now() {
  timespec t = {};
  SystemCall(SYS_clock_gettime, CLOCK_MONOTONIC, reinterpret_cast<long>(&t));
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_CLOCK_H_
