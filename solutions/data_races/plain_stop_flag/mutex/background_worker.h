#ifndef RACELAB_BACKGROUND_WORKER_H_
#define RACELAB_BACKGROUND_WORKER_H_

#include <functional>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// Does work on its own thread, batch by batch, until there is no more work or until it is stopped.
//
//   BackgroundWorker indexer([&] { return IndexNextBatch(); });
//   ...
//   indexer.Stop();
//   index.Save();  // No batch is changing it now.
//
// Any thread may stop the worker, more than once, but not from within a batch. Two flags, one for each direction, under
// one mutex: the request, which the worker checks between two batches, and the worker's reply that it has ended, for
// which Stop() waits. The mutex also hands over the batches' work. The price: a lock and an unlock for each batch.
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
    absl::MutexLock lock(&mutex_);
    stop_ = true;
    mutex_.Await(absl::Condition(&ended_));
  }

 private:
  void WorkThrough() {
    while (!StopRequested() && batch_()) {
    }
    absl::MutexLock lock(&mutex_);
    ended_ = true;
  }

  bool StopRequested() {
    absl::MutexLock lock(&mutex_);
    return stop_;
  }

  const std::function<bool()> batch_;
  absl::Mutex mutex_;  // Not held while a batch runs.
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // Last: it begins to work at once.
};

#endif  // RACELAB_BACKGROUND_WORKER_H_
