#ifndef RACELAB_FRAME_POOL_H_
#define RACELAB_FRAME_POOL_H_

#include <atomic>
#include <optional>
#include <vector>

// The frames of a video recorder, numbered from 0: a camera borrows a frame to write a picture into it.
//
// Safe to use from any number of threads at once; nobody ever waits. A frame has one borrower at a time. Everything a
// borrower did with the frame happens before the next borrower's use.
class FramePool {
 public:
  // A pool of `frames` free frames. Requires frames > 0.
  explicit FramePool(int frames) : next_(frames), first_free_(0) {
    for (int frame = 0; frame < frames; ++frame) next_[frame] = frame + 1 < frames ? frame + 1 : kNone;
  }

  // Borrows a frame; nothing if none is free.
  std::optional<int> Borrow() {
    int frame = first_free_;
    do {
      if (frame == kNone) return std::nullopt;
    } while (!first_free_.compare_exchange_weak(frame, next_[frame]));
    return frame;
  }

  // Gives back a frame. Requires that the caller has borrowed it.
  void Return(int frame) {
    int first = first_free_;
    do {
      next_[frame] = first;
    } while (!first_free_.compare_exchange_weak(first, frame));
  }

 private:
  static constexpr int kNone = -1;

  std::vector<std::atomic<int>> next_;  // For each free frame, the next free frame.
  std::atomic<int> first_free_;
};

#endif  // RACELAB_FRAME_POOL_H_
