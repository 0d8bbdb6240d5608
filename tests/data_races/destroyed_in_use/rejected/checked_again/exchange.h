#ifndef RACELAB_EXCHANGE_H_
#define RACELAB_EXCHANGE_H_

#include <algorithm>
#include <mutex>
#include <vector>

#include "labs/data_races/destroyed_in_use/call.h"

// A telephone exchange, which meters the calls that are put through.
//
//   {
//     Call call(booth);  // On the stack of the thread that serves the booth.
//     exchange.Connect(call);
//     ...
//     exchange.Disconnect(call);
//   }  // Now its units are on the bill.
//
// One thread is the clock: it calls Pulse() again and again. Any number of other threads connect and disconnect calls,
// each its own. A call must be disconnected before it is destroyed, but not from within a pulse.
//
// Before a call is counted, the exchange looks once more whether it is still connected.
class Exchange {
 public:
  // Meters `call` from now on. Does not wait for a pulse that is on its way down a line.
  void Connect(Call& call) {
    std::lock_guard lock(mutex_);
    calls_.push_back(&call);
  }

  // Meters `call` no longer. When this has returned, the exchange does not use it any more, and it may be destroyed.
  // May wait while a pulse is under way.
  void Disconnect(Call& call) {
    std::lock_guard lock(mutex_);
    std::erase(calls_, &call);
  }

  // Counts a unit for each connected call.
  void Pulse() {
    std::vector<Call*> calls;
    {
      std::lock_guard lock(mutex_);
      calls = calls_;
    }
    for (Call* call : calls) {
      if (IsConnected(call)) call->Count();  // Takes a while, so nobody is kept waiting for the lock.
    }
  }

 private:
  bool IsConnected(Call* call) {
    std::lock_guard lock(mutex_);
    return std::find(calls_.begin(), calls_.end(), call) != calls_.end();
  }

  std::mutex mutex_;
  std::vector<Call*> calls_;
};

#endif  // RACELAB_EXCHANGE_H_
