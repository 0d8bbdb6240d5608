#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_SIGNAL_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_SIGNAL_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

using SignalSet = std::uint64_t;  // As in the kernel: bit n - 1 is signal n.

// The signals that a thread waits for; it is on the thread's stack while its operation is pending.
struct SignalWait {
  int thread;
  SignalSet wanted;  // 0: any signal that is neither blocked nor without effect
  bool waits;
};

// kSignal, which conflicts with every operation of every thread, because a signal may arrive between any two steps; or
// kSignalWait, for `wait`.
Operation OnSignals(Kind kind, std::uintptr_t address, const SignalWait* wait, const void* pc);

// Whether a signal for which a kSignalWait waits is pending (signals.cc).
bool SignalsAllow(const Operation& operation);

// The names of these operations in reports; null for any other.
const char* NameOnSignals(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_SIGNAL_H_
