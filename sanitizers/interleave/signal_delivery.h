#ifndef RACELAB_SANITIZERS_INTERLEAVE_SIGNAL_DELIVERY_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SIGNAL_DELIVERY_H_

namespace racelab::interleave {

// A thread other than the running one next runs its handlers, wherever it is, and then does its pending operation.
void Interrupt(int thread);

// signals.cc
bool WaitsForSignals(int thread);
bool IsInterrupted(int thread);

// The kernel's number for the thread.
long KernelNumberOf(int thread);  // threads.cc

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SIGNAL_DELIVERY_H_
