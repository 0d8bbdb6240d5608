#ifndef RACELAB_EXCHANGE_H_
#define RACELAB_EXCHANGE_H_

#include <algorithm>
#include <atomic>
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
// An atomic says which call is being counted. The clock sets it under the lock, and only to a call that is still on the
// list; Disconnect() takes its call off the list, and then waits only if it is this very call that is being counted.
// The mutex remains, for the list. The price: a lock for each call in each pulse, and memory orders that have to be
// right. In return, nobody waits for the line of another booth.
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
    counted_.wait(&call, std::memory_order_acquire);  // Receives the count from the releases in Pulse().
  }

  // Counts a unit for each connected call.
  void Pulse() {
    for (Call* call : Calls()) {
      if (!BeginToCount(call)) continue;
      call->Count();
      counted_.store(nullptr, std::memory_order_release);  // Hands the count to the acquire in Disconnect().
      counted_.notify_all();
    }
  }

 private:
  std::vector<Call*> Calls() {
    absl::MutexLock lock(&mutex_);
    return calls_;
  }

  bool BeginToCount(Call* call) {
    absl::MutexLock lock(&mutex_);
    if (std::find(calls_.begin(), calls_.end(), call) == calls_.end()) return false;
    // Hands over all counts before it: Disconnect() may find this call rather than the nullptr before it.
    counted_.store(call, std::memory_order_release);
    return true;
  }

  absl::Mutex mutex_;
  std::vector<Call*> calls_ ABSL_GUARDED_BY(mutex_);
  std::atomic<Call*> counted_ = nullptr;
};

#endif  // RACELAB_EXCHANGE_H_
