#ifndef RACELAB_BACKGROUND_WORKER_H_
#define RACELAB_BACKGROUND_WORKER_H_

#include <functional>
#include <latch>
#include <stop_token>
#include <thread>
#include <utility>

// Does work on its own thread, batch by batch, until there is no more work or until it is stopped.
//
//   BackgroundWorker indexer([&] { return IndexNextBatch(); });
//   ...
//   indexer.Stop();
//   index.Save();  // No batch is changing it now.
//
// Any thread may stop the worker, more than once, but not from within a batch. C++20 has both directions ready-made:
// the thread has its own stop flag, which it reads through a token, and a latch says that it has ended. (Joining the
// thread would say so too, but only one caller may do that.) The destructor of a std::jthread requests the stop and
// joins. The price: the flag is shared between the thread and its tokens, so it is allocated and counted.
class BackgroundWorker {
 public:
  // Begins to call `batch` again and again; each call does some of the work and returns whether there is more.
  // It must not throw.
  explicit BackgroundWorker(std::function<bool()> batch)
      : batch_(std::move(batch)), thread_([this](std::stop_token stop) { WorkThrough(std::move(stop)); }) {}

  // Stops the worker. Once this has returned, no batch is running and none will begin, and the caller sees everything
  // that the batches did. The destructor stops it, too.
  void Stop() {
    thread_.request_stop();
    ended_.wait();  // Receives the batches' work from count_down().
  }

 private:
  void WorkThrough(std::stop_token stop) {
    while (!stop.stop_requested() && batch_()) {
    }
    ended_.count_down();
  }

  const std::function<bool()> batch_;
  std::latch ended_{1};
  std::jthread thread_;  // Last: it begins to work at once.
};

#endif  // RACELAB_BACKGROUND_WORKER_H_
