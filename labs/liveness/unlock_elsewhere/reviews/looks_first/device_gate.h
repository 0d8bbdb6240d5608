#ifndef RACELAB_DEVICE_GATE_H_
#define RACELAB_DEVICE_GATE_H_

#include <atomic>

// Lets one transfer at a time through to a device.
//
// A transfer may begin on one thread and end on another: an atomic flag has no owner. Checking the flag and setting it
// are one step, so of two threads that try at once, only one gets the device. A thread that sees that the device is
// busy does not even try.
class DeviceGate {
 public:
  // Begins a transfer if the device is free, and returns whether it was. Acquire: pairs with the release in End(), so
  // that everything the last transfer did to the device happens before this one.
  bool TryBegin() {
    if (busy_.load(std::memory_order_relaxed)) return false;
    return !busy_.exchange(true, std::memory_order_acquire);
  }

  // Ends the current transfer; may be called on any thread. Release: pairs with the acquire in TryBegin().
  void End() { busy_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool> busy_ = false;
};

#endif  // RACELAB_DEVICE_GATE_H_
