#ifndef RACELAB_DEVICE_GATE_H_
#define RACELAB_DEVICE_GATE_H_

#include <pthread.h>

// Lets one transfer at a time through to a device.
//
// A transfer may begin on one thread and end on another: the thread that began it goes on with its work, and the one
// that learns of its completion ends it. Everything done to the device before End() happens before the next transfer.
class DeviceGate {
 public:
  DeviceGate() {
    pthread_mutexattr_t checked;
    pthread_mutexattr_init(&checked);
    pthread_mutexattr_settype(&checked, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&busy_, &checked);
    pthread_mutexattr_destroy(&checked);
  }
  ~DeviceGate() { pthread_mutex_destroy(&busy_); }

  DeviceGate(const DeviceGate&) = delete;
  DeviceGate& operator=(const DeviceGate&) = delete;

  // Begins a transfer if the device is free, and returns whether it was. Never waits.
  bool TryBegin() { return pthread_mutex_trylock(&busy_) == 0; }

  // Ends the current transfer; may be called on any thread.
  void End() { pthread_mutex_unlock(&busy_); }

 private:
  pthread_mutex_t busy_;
};

#endif  // RACELAB_DEVICE_GATE_H_
