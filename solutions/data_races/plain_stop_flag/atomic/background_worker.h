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
// Any thread may stop the worker, more than once, but not from within a batch. Two atomic flags, one for each
// direction: the request, which the worker reads anew before each batch, and the worker's reply that it has ended, for
// which Stop() waits. The first flag alone would end the race on the flag, but Stop() would still return in the middle
// of a batch. The price: next to nothing for each batch; but each flag needs its own proof, and a third flag would need
// a new proof for all of them.
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
    stop_.store(true, std::memory_order_relaxed);   // Relaxed: hands nothing else to the load in WorkThrough().
    ended_.wait(false, std::memory_order_acquire);  // Receives the batches' work from the release in WorkThrough().
  }

 private:
  void WorkThrough() {
    while (!stop_.load(std::memory_order_relaxed) && batch_()) {  // Relaxed: the store in Stop() hands over nothing.
    }
    ended_.store(true, std::memory_order_release);  // Hands the batches' work to the acquire in Stop().
    ended_.notify_all();
  }

  const std::function<bool()> batch_;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> ended_ = false;
  std::thread thread_;  // Last: it begins to work at once.
};

#endif  // RACELAB_BACKGROUND_WORKER_H_
