#ifndef RACELAB_SANITIZERS_INTERLEAVE_SIGNALS_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SIGNALS_H_

#include <signal.h>

#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/pending_signals.h"

namespace racelab::interleave {

// Signals that the program sends to itself. Each thread has its own mask and its own pending signals. A handler runs in
// the thread that receives the signal, between two of its steps. The kernel's table of handlers belongs to this
// runtime.

// The running thread sends a signal to itself. The signal's default action may end the execution.
void RaiseHere(int signal, const void* pc);

// Like RaiseHere(), for SIGABRT in abort(), if the program has a handler for it. The caller does the default action.
void RaiseByAbort(const void* pc);

// Call this when a new thread gets this slot.
void ForgetSignalsOf(int slot);

// Runs, in the running thread, the handlers of its pending signals that are not blocked. Returns whether any ran.
bool RunHandlers();

// Whether a handler has interrupted the running thread since the last call.
bool TakeInterruption();

// Whether a call in which the running thread has waited ends with EINTR. If a handler has run, both are tried: it may
// have run just before the call.
bool EndsByInterruption(const void* pc);

// Whether any handler has run in the running thread since ForgetHandled(): it ends a sleep even with SA_RESTART.
void ForgetHandled();
bool WasHandled();

// Sets the running thread's mask; returns the previous one.
SignalSet ExchangeBlocked(SignalSet blocked);

// For a real fault: whether the program has its own handler, and whether it was called.
bool HasHandler(int signal);
void CallHandler(int signal, siginfo_t* information, void* context);
// The top of the stack on which the handler of a fault can run after a stack overflow; null if it has no such stack.
void* StackForOverflow(int signal);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SIGNALS_H_
