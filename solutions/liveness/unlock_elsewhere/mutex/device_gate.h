#ifndef RACELAB_DEVICE_GATE_H_
#define RACELAB_DEVICE_GATE_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// Lets one transfer at a time through to a device.
//
// A transfer may begin on one thread and end on another: "busy" is a fact about the device, kept in a flag that no
// thread owns. The mutex is held only while the flag is checked or set, and is always unlocked by the thread that
// locked it. Everything done to the device before End() happens before the next transfer, because both take the mutex.
class DeviceGate {
 public:
  // Begins a transfer if the device is free, and returns whether it was. Never waits for a transfer.
  bool TryBegin() {
    absl::MutexLock lock(&mutex_);
    if (busy_) return false;
    busy_ = true;
    return true;
  }

  // Ends the current transfer; may be called on any thread.
  void End() {
    absl::MutexLock lock(&mutex_);
    busy_ = false;
  }

 private:
  absl::Mutex mutex_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
};

#endif  // RACELAB_DEVICE_GATE_H_
