#ifndef RACELAB_SHARED_FONT_H_
#define RACELAB_SHARED_FONT_H_

#include <atomic>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

// A font whose letters lie in the memory of the graphics card, where each is drawn once. This is a handle: its copies
// are the same font, which is unloaded with the last of them.
//
// Any number of threads may copy one handle at once, and each may use and destroy its own copies whenever it likes,
// whatever the others do with theirs. The count is an atomic, and the subtraction itself says whether it was the
// last. Relaxed, because it is only a number.
//
//   SharedFont font(WidthsOfLetters(), [&] { graphics.Free(letters); });
//   signs.push_back({.town = "Uppsala", .font = font});
class SharedFont {
 public:
  // `widths` are those of the letters, by character, in pixels. `unload` is called once, by the thread that destroys
  // the last handle, after everything that any thread has done with the others. It must not throw.
  SharedFont(std::vector<int> widths, std::function<void()> unload)
      : shared_(new Shared{.widths = std::move(widths), .unload = std::move(unload)}) {}

  SharedFont(const SharedFont& other) : shared_(other.shared_) {
    shared_->handles.fetch_add(1, std::memory_order_relaxed);
  }

  SharedFont& operator=(SharedFont other) {
    std::swap(shared_, other.shared_);
    return *this;
  }

  ~SharedFont() {
    if (shared_->handles.fetch_sub(1, std::memory_order_relaxed) > 1) return;
    shared_->unload();
    delete shared_;
  }

  // The width of `text`, in pixels.
  int WidthOf(std::string_view text) const {
    int width = 0;
    for (const char letter : text) width += shared_->widths[letter];
    return width;
  }

  // The number of handles of this font. While others are copied or destroyed, it may be the number from before or
  // after.
  int Handles() const { return shared_->handles.load(std::memory_order_relaxed); }

 private:
  struct Shared {
    const std::vector<int> widths;
    const std::function<void()> unload;
    std::atomic<int> handles = 1;
  };

  Shared* shared_;
};

#endif  // RACELAB_SHARED_FONT_H_
