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
// whatever the others do with theirs. The count is an atomic. Whoever has the only handle is alone with the font:
// nobody can copy it meanwhile, so it unloads without another subtraction. All others subtract. A subtraction also
// hands over what was done with the font: each releases, and the last acquires, before it unloads. An addition hands
// over nothing, because whoever copies a handle has one, and so the count cannot become 0 meanwhile. The price: each
// copy writes to memory that all share.
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
    shared_->handles.fetch_add(1, std::memory_order_relaxed);  // Relaxed: `other` keeps the font meanwhile.
  }

  SharedFont& operator=(SharedFont other) {
    std::swap(shared_, other.shared_);
    return *this;
  }

  ~SharedFont() {
    // Release: after all that was done with this handle. Acquire: before the end of what others have done with theirs.
    if (shared_->handles.load(std::memory_order_acquire) > 1) {
      shared_->handles.fetch_sub(1, std::memory_order_release);
      return;
    }
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
  // after. Relaxed.
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
