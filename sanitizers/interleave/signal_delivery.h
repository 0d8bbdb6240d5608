#ifndef RACELAB_SANITIZERS_INTERLEAVE_SIGNAL_DELIVERY_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SIGNAL_DELIVERY_H_

namespace racelab::interleave {

// Another thread than the running one, wherever it is, runs its handlers next, and then does what it was about to do.
void Interrupt(int thread);

// signals.cc
bool WaitsForSignals(int thread);
bool IsInterrupted(int thread);

// The thread as the kernel numbers it.
long KernelNumberOf(int thread);  // threads.cc

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SIGNAL_DELIVERY_H_
