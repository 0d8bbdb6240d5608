#ifndef RACELAB_DEVICE_GATE_H_
#define RACELAB_DEVICE_GATE_H_

#include <mutex>

// Lets one transfer at a time through to a device.
//
// A transfer may begin on one thread and end on another: the thread that began it goes on with its work, and the one
// that learns of its completion ends it, and may begin the next. Everything done to the device before End() happens
// before the next transfer.
class DeviceGate {
 public:
  // Begins a transfer if the device is free, and returns whether it was. Never waits for a transfer.
  bool TryBegin() { return busy_.try_lock(); }

  // Ends the current transfer; may be called on any thread.
  void End() { busy_.unlock(); }

 private:
  std::recursive_mutex busy_;  // Recursive: a thread that completes a transfer may begin the next.
};

#endif  // RACELAB_DEVICE_GATE_H_
