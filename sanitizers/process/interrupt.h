#ifndef RACELAB_SANITIZERS_PROCESS_INTERRUPT_H_
#define RACELAB_SANITIZERS_PROCESS_INTERRUPT_H_

#include "absl/status/status.h"

namespace racelab {

// Makes every RunChild, present and future, kill its child and return kInterrupted. Async-signal-safe.
void RequestInterrupt();

bool InterruptRequested();

// Withdraws the request, for a program that continues after an interrupt.
void ClearInterrupt();

// Makes SIGINT, SIGTERM and SIGHUP call RequestInterrupt. A second such signal kills this process at once, and
// everything that RunChild has started dies with it. A signal that is ignored, such as SIGHUP under nohup, stays
// ignored.
absl::Status InstallInterruptHandler();

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_INTERRUPT_H_
