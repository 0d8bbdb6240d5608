#ifndef RACELAB_BACKGROUND_WORKER_H_
#define RACELAB_BACKGROUND_WORKER_H_

#include <functional>
#include <thread>
#include <utility>

#include "solutions/support/channel.h"

// Does work on its own thread, batch by batch, until there is no more work or until it is stopped.
//
//   BackgroundWorker indexer([&] { return IndexNextBatch(); });
//   ...
//   indexer.Stop();
//   index.Save();  // No batch is changing it now.
//
// Any thread may stop the worker, more than once, but not from within a batch. Nothing is shared but two channels, one
// for each direction: the worker checks for a request between two batches, and closes the other channel when it has
// ended, which wakes all who wait there. The price: a check of a channel for each batch. It pays where there is more
// than one thing to tell the worker: pause, go on, take this first.
class BackgroundWorker {
 public:
  // Begins to call `batch` again and again; each call does some of the work and returns whether there is more.
  // It must not throw.
  explicit BackgroundWorker(std::function<bool()> batch)
      : batch_(std::move(batch)), thread_([this] { WorkThrough(); }) {}

  ~BackgroundWorker() {
    Stop();
    thread_.join();
  }

  // Stops the worker. Once this has returned, no batch is running and none will begin, and the caller sees everything
  // that the batches did. The destructor stops it, too.
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
  Channel<bool> ended_;  // Nothing is ever sent here: the closing is the message.
  std::thread thread_;   // Last: it begins to work at once.
};

#endif  // RACELAB_BACKGROUND_WORKER_H_
