#ifndef RACELAB_SANITIZERS_PROCESS_INTERRUPT_H_
#define RACELAB_SANITIZERS_PROCESS_INTERRUPT_H_

#include "absl/status/status.h"

namespace racelab {

// Asks every RunChild, present and future, to kill its child and return kInterrupted. Async-signal-safe.
void RequestInterrupt();

bool InterruptRequested();

// Takes the request back, for a program that goes on after an interrupt.
void ClearInterrupt();

// Makes SIGINT, SIGTERM and SIGHUP call RequestInterrupt. A second such signal kills this process at once, and what
// RunChild has started with it. A signal that is ignored, as SIGHUP under nohup, stays so.
absl::Status InstallInterruptHandler();

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_INTERRUPT_H_
