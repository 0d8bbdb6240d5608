#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_SIGNAL_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_SIGNAL_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

using SignalSet = std::uint64_t;  // As the kernel counts: bit n - 1 is signal n.

// What a thread waits for that waits for signals, on its stack, while its operation is pending.
struct SignalWait {
  int thread;
  SignalSet wanted;  // 0: any that is not blocked and does something
  bool waits;
};

// kSignal, which meets every operation of every thread: it may come between any two steps; kSignalWait, for `wait`.
Operation OnSignals(Kind kind, std::uintptr_t address, const SignalWait* wait, const void* pc);

// Whether what a kSignalWait waits for has come (signals.cc).
bool SignalsAllow(const Operation& operation);

// The names of these operations in reports; null for any other.
const char* NameOnSignals(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_SIGNAL_H_
