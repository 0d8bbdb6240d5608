#ifndef RACELAB_DEVICE_GATE_H_
#define RACELAB_DEVICE_GATE_H_

#include "solutions/support/channel.h"

// Lets one transfer at a time through to a device.
//
// There is one token. Whoever has received it may use the device, and whoever ends the transfer sends it back, on
// whatever thread: what travels through a channel has no owner but the one who holds it now. The channel also orders
// the transfers, for what was done before a token was sent happens before what follows its receipt.
class DeviceGate {
 public:
  DeviceGate() { tokens_.Send({}); }

  // Begins a transfer if the device is free, and returns whether it was. Never waits for a transfer.
  bool TryBegin() { return tokens_.TryReceive().has_value(); }

  // Ends the transfer that was begun, on whatever thread.
  void End() { tokens_.Send({}); }

 private:
  struct Token {};

  Channel<Token> tokens_{1};
};

#endif  // RACELAB_DEVICE_GATE_H_
