#ifndef RACELAB_DEVICE_GATE_H_
#define RACELAB_DEVICE_GATE_H_

#include "solutions/support/channel.h"

// Lets one transfer at a time through to a device.
//
// There is one token. The thread that receives it may use the device, and the thread that ends the transfer, which may
// be another one, sends it back: a token belongs only to the thread that holds it now. The channel also orders the
// transfers: everything done before the token is sent happens before everything after its receipt.
class DeviceGate {
 public:
  DeviceGate() { tokens_.Send({}); }

  // Begins a transfer if the device is free, and returns whether it was. Never waits for a transfer.
  bool TryBegin() { return tokens_.TryReceive().has_value(); }

  // Ends the current transfer; may be called on any thread.
  void End() { tokens_.Send({}); }

 private:
  struct Token {};

  Channel<Token> tokens_{1};
};

#endif  // RACELAB_DEVICE_GATE_H_
