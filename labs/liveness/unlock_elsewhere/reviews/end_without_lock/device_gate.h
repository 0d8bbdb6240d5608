#ifndef RACELAB_DEVICE_GATE_H_
#define RACELAB_DEVICE_GATE_H_

#include <atomic>

#include "absl/synchronization/mutex.h"

// Lets one transfer at a time through to a device.
//
// A transfer may begin on one thread and end on another: "busy" is a fact about the device, kept in a flag that no
// thread owns. The mutex is held only while the flag is checked and set, and is always unlocked by the thread that
// locked it. To clear the flag takes no mutex: nobody else changes it while a transfer goes on. Everything done to the
// device before End() happens before the next transfer.
class DeviceGate {
 public:
  // Begins a transfer if the device is free, and returns whether it was. Never waits for a transfer.
  bool TryBegin() {
    absl::MutexLock lock(&mutex_);
    if (busy_.load(std::memory_order_relaxed)) return false;
    busy_.store(true, std::memory_order_relaxed);
    return true;
  }

  // Ends the current transfer; may be called on any thread.
  void End() { busy_.store(false, std::memory_order_relaxed); }

 private:
  absl::Mutex mutex_;
  std::atomic<bool> busy_ = false;
};

#endif  // RACELAB_DEVICE_GATE_H_
