#ifndef RACELAB_EXCHANGE_H_
#define RACELAB_EXCHANGE_H_

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
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
// Two mutexes for two questions. `mutex_` guards the list, and is held for a moment only. `pulse_` is held for a whole
// pulse, and says whether one is under way. Disconnect() first takes the call off the list, so that no further pulse
// will find it, and then passes through `pulse_` once: after that, the pulse that may have found it is over. In the
// other order, a new pulse could begin in between. The price: whoever disconnects waits for the other lines of that
// pulse, too.
class Exchange {
 public:
  // Meters `call` from now on. Does not wait for a pulse that is on its way down a line.
  void Connect(Call& call) {
    absl::MutexLock lock(&mutex_);
    calls_.push_back(&call);
  }

  // Meters `call` no longer. When this has returned, the exchange does not use it any more, and it may be destroyed.
  // May wait while a pulse is under way.
  void Disconnect(Call& call) {
    {
      absl::MutexLock lock(&mutex_);
      std::erase(calls_, &call);
    }
    absl::MutexLock until_the_pulse_is_over(&pulse_);
  }

  // Counts a unit for each connected call.
  void Pulse() {
    absl::MutexLock pulse(&pulse_);
    {
      absl::MutexLock lock(&mutex_);
      pulsed_ = calls_;
    }
    for (Call* call : pulsed_) call->Count();
  }

 private:
  absl::Mutex pulse_ ABSL_ACQUIRED_BEFORE(mutex_);
  absl::Mutex mutex_;
  std::vector<Call*> calls_ ABSL_GUARDED_BY(mutex_);
  std::vector<Call*> pulsed_
      ABSL_GUARDED_BY(pulse_);  // Those of the latest pulse. Here, so that its memory is used again.
};

#endif  // RACELAB_EXCHANGE_H_
