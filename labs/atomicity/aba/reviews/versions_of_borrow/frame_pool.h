#ifndef RACELAB_FRAME_POOL_H_
#define RACELAB_FRAME_POOL_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

// The frames of a video recorder, numbered from 0: a camera borrows a frame to write a picture into it.
//
// Safe to use from any number of threads at once; nobody ever waits. A frame has one borrower at a time: the head of
// the list of free frames carries a version that grows with every Borrow(), so an exchange succeeds only if nothing has
// been borrowed since the head was read. A frame that was borrowed and given back in the meantime comes back with
// another version. Everything a borrower did with the frame happens before the next borrower's use: the release in
// Return() pairs with the acquire in Borrow().
//
// The price: the head is eight bytes instead of four. And the version has 32 bits: a thread would be deceived if it
// slept between its load and its exchange for exactly 2^32 calls of Borrow(), or a multiple of that.
class FramePool {
 public:
  // A pool of `frames` free frames. Requires frames > 0.
  explicit FramePool(int frames) : next_(frames), head_(Head{.version = 0, .first_free = 0}) {
    for (int frame = 0; frame < frames; ++frame) next_[frame] = frame + 1 < frames ? frame + 1 : kNone;
  }

  // Borrows a frame; nothing if none is free. Acquire.
  std::optional<int> Borrow() {
    // Acquire, here and where the exchange fails: pairs with the release in Return(), which hands over the frame and
    // its `next_`.
    Head seen = head_.load(std::memory_order_acquire);
    while (seen.first_free != kNone) {
      // Relaxed: the value is used only if the version says that the frame has been free ever since.
      const int next = next_[seen.first_free].load(std::memory_order_relaxed);
      // Relaxed where it succeeds: the load that has read `seen` was an acquire already, and any later exchange of the
      // head continues the release sequence.
      if (head_.compare_exchange_weak(seen, Head{seen.version + 1, next}, std::memory_order_relaxed,
                                      std::memory_order_acquire)) {
        return seen.first_free;
      }
    }
    return std::nullopt;
  }

  // Gives back a frame. Requires that the caller has borrowed it. Release.
  void Return(int frame) {
    Head seen = head_.load(std::memory_order_relaxed);  // Relaxed: nothing handed over with it is read.
    do {
      next_[frame].store(seen.first_free, std::memory_order_relaxed);  // Handed over by the release below.
    } while (!head_.compare_exchange_weak(seen, Head{seen.version, frame}, std::memory_order_release,
                                          std::memory_order_relaxed));
  }

 private:
  static constexpr int kNone = -1;

  struct Head {
    std::uint32_t version;
    int first_free;
  };

  std::vector<std::atomic<int>> next_;  // For each free frame, the next free frame.
  std::atomic<Head> head_;
  static_assert(std::atomic<Head>::is_always_lock_free);
};

#endif  // RACELAB_FRAME_POOL_H_
