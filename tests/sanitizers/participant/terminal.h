#ifndef RACELAB_TESTS_SANITIZERS_PARTICIPANT_TERMINAL_H_
#define RACELAB_TESTS_SANITIZERS_PARTICIPANT_TERMINAL_H_

#include <sys/types.h>
#include <termios.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace racelab {

// What a terminal of 24 lines of 80 columns shows after what was written to it, as far as racelab's output goes.
class Screen {
 public:
  static constexpr size_t kLines = 24, kColumns = 80;

  Screen() { Clear(); }

  void Write(std::string_view output);

  // The lines, without blanks at their ends.
  std::vector<std::string> Lines() const;
  // The lines down to the last that is not empty, each with its end.
  std::string Text() const;
  // Where the cursor is: the number of its line, from 0.
  size_t line() const { return line_; }
  // Whether the last drawing that has begun has come to its end, too.
  bool IsWhole() const { return !is_being_drawn_; }
  // How many lines have left it at its top since it was cleared.
  int scrolled() const { return scrolled_; }

 private:
  using Line = std::vector<std::string>;  // one character per column; "" for a blank

  void Clear();
  void Put(std::string character);
  void Break();
  // Carries out the escape sequence at the beginning of `output`. Returns its length; 0 if it is not whole.
  size_t Escape(std::string_view output);

  std::vector<Line> lines_;
  size_t line_ = 0, column_ = 0;
  bool is_full_ = false;  // the line: its last column has been written, and the next character breaks it
  int scrolled_ = 0;
  bool is_being_drawn_ = false;
  std::string rest_;  // the beginning of a character or of a sequence
};

// A terminal of this size in which racelab runs, with this pager, and with racelab on PATH: keys are sent, and screens
// are read.
class Terminal {
 public:
  Terminal(const std::string& directory, std::vector<std::string> arguments, const std::string& pager = "cat");
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void Press(char key);
  // Only what is shown then can be waited for: the screen keeps its size.
  void Resize(unsigned short lines, unsigned short columns);

  // Waits until the terminal has shown `text` after what was waited for before.
  testing::AssertionResult Shows(std::string_view text);
  // What has been shown until now is not waited for.
  void Skip() { from_ = shown_.size(); }
  // Waits until the screen is as `is_right` wants it.
  testing::AssertionResult Becomes(const std::function<bool(const Screen&)>& is_right);

  // The exit code; -1 after a signal.
  int Ended();
  // Whether keys are lines again, as before.
  bool IsAsBefore() const;
  // All output.
  const std::string& all() const { return shown_; }
  const Screen& screen() const { return screen_; }

 private:
  // False at the end, and if there is no output for a long time.
  bool Read();

  int master_ = -1;
  pid_t child_ = -1;
  termios before_ = {};
  std::string shown_;
  Screen screen_;
  size_t from_ = 0;
};

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_PARTICIPANT_TERMINAL_H_
