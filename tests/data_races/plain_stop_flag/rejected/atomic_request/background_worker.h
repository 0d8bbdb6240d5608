#ifndef RACELAB_BACKGROUND_WORKER_H_
#define RACELAB_BACKGROUND_WORKER_H_

#include <atomic>
#include <functional>
#include <thread>
#include <utility>

// Does work on its own thread, batch by batch, until there is no more work or until it is stopped.
//
//   BackgroundWorker indexer([&] { return IndexNextBatch(); });
//   ...
//   indexer.Stop();
//   index.Save();  // No batch is changing it now.
//
// Any thread may stop the worker, more than once, but not from within a batch. The flag is atomic, so the worker sees
// it before its next batch.
class BackgroundWorker {
 public:
  // Begins to call `batch` again and again; each call does some of the work and returns whether there is more.
  explicit BackgroundWorker(std::function<bool()> batch)
      : batch_(std::move(batch)), thread_([this] { WorkThrough(); }) {}

  ~BackgroundWorker() {
    Stop();
    thread_.join();
  }

  // Stops the worker. Once this has returned, no batch is running and none will begin, and the caller sees everything
  // that the batches did. The destructor stops it, too.
  void Stop() { stop_ = true; }

 private:
  void WorkThrough() {
    while (!stop_ && batch_()) {
    }
  }

  const std::function<bool()> batch_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;  // Last: it begins to work at once.
};

#endif  // RACELAB_BACKGROUND_WORKER_H_
