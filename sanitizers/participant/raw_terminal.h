#ifndef RACELAB_SANITIZERS_PARTICIPANT_RAW_TERMINAL_H_
#define RACELAB_SANITIZERS_PARTICIPANT_RAW_TERMINAL_H_

#include <termios.h>

#include <optional>
#include <string>

namespace racelab {

// Takes over the terminal: reads single keys, and draws on the alternate screen. The shell's screen is restored at the
// end.
class RawTerminal {
 public:
  // Whether standard input and output are a terminal that supports this.
  static bool IsPossible();

  RawTerminal();
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

  // Returns the terminal to its normal state for a while, for another program.
  void Suspend();
  void Resume();

  // Replaces the screen's content by the text and, below it, the keys. Lines of the text for which there is no room are
  // left out at its end.
  void Draw(const std::string& text, const std::string& keys = "");

  // Waits for the next key and returns it. kInterrupt for Ctrl-C, for the end of the input, and if racelab was
  // interrupted. kResized if the terminal's size has changed: the screen must be drawn again.
  static constexpr int kInterrupt = -1, kResized = -2;
  static constexpr int kUp = -3, kDown = -4, kPageUp = -5, kPageDown = -6;
  int Key();
  // The next key, if it arrives within this many milliseconds.
  std::optional<int> KeyWithin(int milliseconds);
  // Reads a key that is known to be available.
  int ReadKey();

  // For callers that poll by themselves: a descriptor that is readable if the terminal's size has changed since the
  // last TakeResize(), which returns whether it has.
  static int resize_fd();
  static bool TakeResize();

 private:
  bool active_ = false;
  termios before_ = {};
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_RAW_TERMINAL_H_
