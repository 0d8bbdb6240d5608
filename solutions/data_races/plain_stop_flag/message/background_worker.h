#ifndef RACELAB_BACKGROUND_WORKER_H_
#define RACELAB_BACKGROUND_WORKER_H_

#include <functional>
#include <thread>
#include <utility>

#include "solutions/support/channel.h"

// Does work on a thread of its own, batch by batch, until there is no more or until it is stopped.
//
//   BackgroundWorker indexer([&] { return IndexNextBatch(); });
//   ...
//   indexer.Stop();
//   index.Save();  // No batch is in the middle of changing it.
//
// Any thread may stop the worker, more than once, but not from within a batch. Nothing is shared but two channels, one
// for each direction: the worker looks for a request between two batches, and closes the other channel when it has
// ended, which everybody who waits there notices. The price: a look into a channel for each batch. It pays where the
// worker is to be told more than one thing: pause, go on, take this first.
class BackgroundWorker {
 public:
  // Begins. Calls `batch`, which does some of the work and returns whether there is more, again and again.
  explicit BackgroundWorker(std::function<bool()> batch)
      : batch_(std::move(batch)), thread_([this] { WorkThrough(); }) {}

  ~BackgroundWorker() {
    Stop();
    thread_.join();
  }

  // Stops the worker. Once this has returned, no batch is running and none will begin, and the caller sees all that the
  // batches did.
  void Stop() {
    requests_.Send(Request::kStop);
    ended_.Receive();
  }

 private:
  enum class Request { kStop };

  void WorkThrough() {
    while (requests_.TryReceive() != Request::kStop && batch_()) {
    }
    ended_.Close();
  }

  const std::function<bool()> batch_;
  Channel<Request> requests_;
  Channel<bool> ended_;  // Nothing is ever sent here: its end is the message.
  std::thread thread_;   // Last: it begins to work at once.
};

#endif  // RACELAB_BACKGROUND_WORKER_H_
