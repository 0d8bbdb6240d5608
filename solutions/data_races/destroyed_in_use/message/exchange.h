#ifndef RACELAB_EXCHANGE_H_
#define RACELAB_EXCHANGE_H_

#include <functional>
#include <thread>
#include <vector>

#include "labs/data_races/destroyed_in_use/call.h"
#include "solutions/support/channel.h"

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
// One thread owns the list, and it alone uses calls. The others ask it, and where they are promised that something has
// been done, they wait for its answer. Since it does one thing after the other, no call is being counted when it takes
// one off its list. The price: a thread, and two thread switches for a pulse and for each call that ends.
class Exchange {
 public:
  Exchange()
      : owner_([this] {
          Calls calls;
          while (auto task = inbox_.Receive()) (*task)(calls);
        }) {}

  ~Exchange() {
    inbox_.Close();
    owner_.join();
  }

  // Meters `call` from now on. Does not wait for a pulse that is on its way down a line.
  void Connect(Call& call) {
    inbox_.Send([&call](Calls& calls) { calls.push_back(&call); });
  }

  // Meters `call` no longer. When this has returned, the exchange does not use it any more, and it may be destroyed.
  // May wait while a pulse is under way.
  void Disconnect(Call& call) {
    Ask([&call](Calls& calls) { std::erase(calls, &call); });
  }

  // Counts a unit for each connected call.
  void Pulse() {
    Ask([](Calls& calls) {
      for (Call* call : calls) call->Count();
    });
  }

 private:
  using Calls = std::vector<Call*>;

  // Has the owner do `task`, and waits until it is done.
  void Ask(const std::function<void(Calls&)>& task) {
    Channel<bool> done;
    inbox_.Send([&](Calls& calls) {
      task(calls);
      done.Send(true);
    });
    done.Receive();
  }

  Channel<std::function<void(Calls&)>> inbox_;
  std::thread owner_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_EXCHANGE_H_
