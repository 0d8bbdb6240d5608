#ifndef RACELAB_FRAME_POOL_H_
#define RACELAB_FRAME_POOL_H_

#include <numeric>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The frames of a video recorder, numbered from 0: a camera borrows a frame to write a picture into it.
//
// Safe to use from any number of threads at once. A frame has one borrower at a time, because it leaves the list of
// free frames before the lock is released. Everything a borrower did with the frame happens before the next borrower's
// use: the unlock in Return() comes before the next lock.
//
// The price is the promise that nobody waits.
class FramePool {
 public:
  // A pool of `frames` free frames. Requires frames > 0.
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
