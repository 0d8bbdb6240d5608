#ifndef RACELAB_FRAME_POOL_H_
#define RACELAB_FRAME_POOL_H_

#include <optional>

#include "solutions/support/channel.h"

// The frames of a video recorder, numbered from 0: a camera borrows a frame to write a picture into it.
//
// Safe to use from any number of threads at once. A frame has one borrower at a time: its number is either in the
// channel or with the borrower who has received it, and a value is received once. Everything a borrower did with the
// frame happens before the next borrower's use: sending happens before receiving.
//
// The price is the promise that nobody waits. Frames are lent in turn, the one that has been free longest first; the
// frame returned last would more likely still be in the processor's cache.
class FramePool {
 public:
  // A pool of `frames` free frames. Requires frames > 0.
  explicit FramePool(int frames) {
    for (int frame = 0; frame < frames; ++frame) free_.Send(frame);
  }

  // Borrows a frame; nothing if none is free.
  std::optional<int> Borrow() { return free_.TryReceive(); }

  // Gives back a frame. Requires that the caller has borrowed it.
  void Return(int frame) { free_.Send(frame); }

 private:
  Channel<int> free_;
};

#endif  // RACELAB_FRAME_POOL_H_
