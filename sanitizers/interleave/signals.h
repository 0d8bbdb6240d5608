#ifndef RACELAB_SANITIZERS_INTERLEAVE_SIGNALS_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SIGNALS_H_

#include <signal.h>

#include <cstdint>

#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// Signals that the program sends to itself: each thread has its mask and what is pending for it; a handler runs in the
// thread that the signal is for, between two of its steps. The kernel's own table of handlers is this runtime's.

using SignalSet = std::uint64_t;  // As the kernel counts: bit n - 1 is signal n.
inline SignalSet Bit(int signal) { return SignalSet{1} << (signal - 1); }

// The running thread raises a signal that is for itself. What the signal does by default may end the execution.
void RaiseHere(int signal, const void* pc);

// A new thread is in that slot.
void ForgetSignalsOf(int slot);

// Runs, in the running thread, the handlers of what is pending and not blocked. Whether any ran.
bool RunHandlers();

// Whether a handler has run since the running thread began to wait, that makes a call end with EINTR.
bool TakeInterruption(bool waits);

// Sets the running thread's mask; returns what it was.
SignalSet ExchangeBlocked(SignalSet blocked);

// Of a pending kSignalWait.
bool SignalsAllow(const Operation& operation);

// A real fault, for which the program has a handler of its own: whether it has been called.
bool HasHandler(int signal);
void CallHandler(int signal, siginfo_t* information, void* context);
// Of a handler for faults, the top of the stack on which it can be told of an overflow; null if it has none.
void* StackForOverflow(int signal);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SIGNALS_H_
