#ifndef RACELAB_SANITIZERS_INTERLEAVE_SIGNAL_DELIVERY_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SIGNAL_DELIVERY_H_

#include <cstdint>

namespace racelab::interleave {

// Makes `thread`, which is not the running one, run its handlers next, wherever it is, and then do its pending
// operation.
void Interrupt(int thread);

// The running thread jumps to a frame at this stack pointer, perhaps out of a handler that had interrupted it.
void LeaveHandlerFor(std::uintptr_t stack_pointer);

// signals.cc
bool WaitsForSignals(int thread);
bool IsInterrupted(int thread);

// The kernel's number for the thread.
long KernelNumberOf(int thread);  // threads.cc

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SIGNAL_DELIVERY_H_
