#ifndef RACELAB_SHARED_FONT_H_
#define RACELAB_SHARED_FONT_H_

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// A font whose letters lie in the memory of the graphics card, where each is drawn once. This is a handle: its copies
// are the same font, which is unloaded with the last of them.
//
// Any number of threads may copy one handle at once, and each may use and destroy its own copies whenever it likes,
// whatever the others do with theirs. A mutex beside the count guards it, and one critical section subtracts and says
// what is left. Whoever has taken the count to 0 is alone with the font: it unlocks first, because the mutex is
// destroyed along with the rest. The mutex also hands over what was done with the font. The price: a lock for each
// copy.
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
    absl::MutexLock lock(&shared_->mutex);
    ++shared_->handles;
  }

  SharedFont& operator=(SharedFont other) {
    std::swap(shared_, other.shared_);
    return *this;
  }

  ~SharedFont() {
    if (LetGo() > 0) return;
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
  int Handles() const {
    absl::MutexLock lock(&shared_->mutex);
    return shared_->handles;
  }

 private:
  struct Shared {
    const std::vector<int> widths;
    const std::function<void()> unload;
    absl::Mutex mutex{};
    int handles ABSL_GUARDED_BY(mutex) = 1;
  };

  // Returns how many handles are left.
  int LetGo() {
    absl::MutexLock lock(&shared_->mutex);
    return --shared_->handles;
  }

  Shared* shared_;
};

#endif  // RACELAB_SHARED_FONT_H_
