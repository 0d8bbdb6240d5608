#ifndef RACELAB_SHARED_FONT_H_
#define RACELAB_SHARED_FONT_H_

#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

// A font whose letters lie in the memory of the graphics card, where each is drawn once. This is a handle: its copies
// are the same font, which is unloaded with the last of them.
//
// Any number of threads may copy one handle at once, and each may use and destroy its own copies whenever it likes,
// whatever the others do with theirs. The library counts: a std::shared_ptr changes its count indivisibly, and calls
// its deleter once, after the last use of all others. Copies, assignments and destructors are the compiler's. The
// price: the count lies in a block of its own.
//
//   SharedFont font(WidthsOfLetters(), [&] { graphics.Free(letters); });
//   signs.push_back({.town = "Uppsala", .font = font});
class SharedFont {
 public:
  // `widths` are those of the letters, by character, in pixels. `unload` is called once, by the thread that destroys
  // the last handle, after everything that any thread has done with the others. It must not throw.
  SharedFont(std::vector<int> widths, std::function<void()> unload)
      : widths_(new std::vector<int>(std::move(widths)), [unload = std::move(unload)](const std::vector<int>* last) {
          unload();
          delete last;
        }) {}

  // The width of `text`, in pixels.
  int WidthOf(std::string_view text) const {
    int width = 0;
    for (const char letter : text) width += (*widths_)[letter];
    return width;
  }

  // The number of handles of this font. While others are copied or destroyed, it may be the number from before or
  // after.
  int Handles() const { return static_cast<int>(widths_.use_count()); }

 private:
  std::shared_ptr<const std::vector<int>> widths_;
};

#endif  // RACELAB_SHARED_FONT_H_
