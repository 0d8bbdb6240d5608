#ifndef RACELAB_SANITIZERS_INTERLEAVE_SIGNAL_DELIVERY_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SIGNAL_DELIVERY_H_

namespace racelab::interleave {

// Makes `thread`, which is not the running one, run its handlers next, wherever it is, and then do its pending
// operation.
void Interrupt(int thread);

// signals.cc
bool WaitsForSignals(int thread);
bool IsInterrupted(int thread);

// The kernel's number for the thread.
long KernelNumberOf(int thread);  // threads.cc

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SIGNAL_DELIVERY_H_
