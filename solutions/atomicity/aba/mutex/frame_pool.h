#ifndef RACELAB_FRAME_POOL_H_
#define RACELAB_FRAME_POOL_H_

#include <numeric>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The frames of a video recorder, numbered from 0: cameras borrow them to write a picture into.
//
// Safe to use from any number of threads at once. A frame is borrowed by one at a time, because it is off the list of
// the free ones before the lock is let go. What a borrower did with it happens before what the next one does: it has
// unlocked before the next one locks.
//
// The price is the promise that nobody waits.
class FramePool {
 public:
  // A pool of `frames` frames, all of them free. Requires frames > 0.
  explicit FramePool(int frames) : free_(frames) { std::iota(free_.rbegin(), free_.rend(), 0); }

  // Borrows a frame; nothing if none is free.
  std::optional<int> Borrow() {
    absl::MutexLock lock(&mutex_);
    if (free_.empty()) return std::nullopt;
    const int frame = free_.back();
    free_.pop_back();
    return frame;
  }

  // Gives back a frame. Requires that the caller has borrowed it.
  void Return(int frame) {
    absl::MutexLock lock(&mutex_);
    free_.push_back(frame);
  }

 private:
  absl::Mutex mutex_;
  std::vector<int> free_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_FRAME_POOL_H_
