#ifndef RACELAB_SANITIZERS_PARTICIPANT_RAW_TERMINAL_H_
#define RACELAB_SANITIZERS_PARTICIPANT_RAW_TERMINAL_H_

#include <termios.h>

#include <optional>
#include <string>

namespace racelab {

// Takes over the terminal: keys are read one by one, and screens are drawn beside the shell's own, which is there again
// at the end.
class RawTerminal {
 public:
  // Whether standard input and output are a terminal that can do this.
  static bool IsPossible();

  RawTerminal();
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

  // Gives the terminal back for a while, as another program needs it.
  void Suspend();
  void Resume();

  // Shows the text in place of what was shown; lines that do not fit below are left out.
  void Draw(const std::string& text);

  // The next key, waiting for it. kInterrupt for Ctrl-C, for the end of the input, and if racelab was interrupted.
  // kResized if the terminal's size has changed: the screen must be drawn again.
  static constexpr int kInterrupt = -1, kResized = -2;
  static constexpr int kUp = -3, kDown = -4, kPageUp = -5, kPageDown = -6;
  int Key();
  // The next key, if it comes within so many milliseconds.
  std::optional<int> KeyWithin(int milliseconds);
  // The same, if a key is known to be there.
  int ReadKey();

 private:
  bool active_ = false;
  termios before_ = {};
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_RAW_TERMINAL_H_
