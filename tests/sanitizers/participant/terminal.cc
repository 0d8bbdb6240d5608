#include "tests/sanitizers/participant/terminal.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace racelab {
namespace {

size_t LengthOfCharacter(unsigned char first) { return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4; }

}  // namespace

void Screen::Clear() {
  lines_.assign(kLines, Line(kColumns));
  line_ = column_ = 0;
  is_full_ = false;
  scrolled_ = 0;
}

void Screen::Write(std::string_view output) {
  const std::string all = absl::StrCat(rest_, output);
  std::string_view left = all;
  while (!left.empty()) {
    size_t length = LengthOfCharacter(static_cast<unsigned char>(left[0]));
    if (left[0] == '\033') {
      length = Escape(left);
      if (length == 0) break;
    } else if (length > left.size()) {
      break;
    } else if (left[0] == '\r') {
      column_ = 0;
      is_full_ = false;
    } else if (left[0] == '\n') {
      Break();
    } else {
      Put(std::string(left.substr(0, length)));
    }
    left.remove_prefix(length);
  }
  rest_ = std::string(left);
}

void Screen::Put(std::string character) {
  if (is_full_) {
    column_ = 0;
    is_full_ = false;
    Break();
  }
  lines_[line_][column_] = std::move(character);
  is_full_ = column_ + 1 == kColumns;
  if (!is_full_) ++column_;
}

void Screen::Break() {
  if (line_ + 1 < kLines) {
    ++line_;
    return;
  }
  lines_.erase(lines_.begin());
  lines_.emplace_back(kColumns);
  ++scrolled_;
}

size_t Screen::Escape(std::string_view output) {
  const size_t end = output.find_first_not_of("0123456789;?[", 1);
  if (end == std::string_view::npos) return 0;
  const std::string_view sequence = output.substr(1, end);
  if (sequence == "[H") {
    line_ = column_ = 0;
    is_full_ = false;
  } else if (sequence == "[K" || sequence == "[J") {
    std::fill(lines_[line_].begin() + static_cast<long>(column_), lines_[line_].end(), "");
    if (sequence == "[J") std::fill(lines_.begin() + static_cast<long>(line_) + 1, lines_.end(), Line(kColumns));
  } else if (sequence == "[?1049h" || sequence == "[?1049l") {
    Clear();
  } else if (sequence == "[?2026h" || sequence == "[?2026l") {
    is_being_drawn_ = sequence.back() == 'h';
  }
  return end + 1;
}

std::vector<std::string> Screen::Lines() const {
  std::vector<std::string> lines;
  for (const Line& line : lines_) {
    std::string text;
    for (const std::string& character : line) text += character.empty() ? " " : character;
    lines.emplace_back(absl::StripTrailingAsciiWhitespace(text));
  }
  return lines;
}

std::string Screen::Text() const {
  std::vector<std::string> lines = Lines();
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return absl::StrCat(absl::StrJoin(lines, "\n"), "\n");
}

Terminal::Terminal(const std::string& directory, std::vector<std::string> arguments, const std::string& pager) {
  const winsize size = {.ws_row = Screen::kLines, .ws_col = Screen::kColumns, .ws_xpixel = 0, .ws_ypixel = 0};
  child_ = forkpty(&master_, nullptr, nullptr, &size);
  if (child_ == 0) {
    arguments.insert(arguments.begin(), RACELAB_BUILD_DIR "/bin/racelab");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    setenv("TERM", "xterm", 1);
    setenv("PAGER", pager.c_str(), 1);
    setenv("PATH", absl::StrCat(RACELAB_BUILD_DIR "/bin:", std::getenv("PATH")).c_str(), 1);
    if (chdir(directory.c_str()) == 0) execv(argv[0], argv.data());
    _exit(127);
  }
  tcgetattr(master_, &before_);
}

Terminal::~Terminal() {
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
  close(master_);
}

void Terminal::Press(char key) { ASSERT_EQ(write(master_, &key, 1), 1); }

void Terminal::Resize(unsigned short lines, unsigned short columns) {
  const winsize size = {.ws_row = lines, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  ASSERT_EQ(ioctl(master_, TIOCSWINSZ, &size), 0);
}

bool Terminal::Read() {
  constexpr int kLimit = 90'000;  // milliseconds without any output
  pollfd output = {.fd = master_, .events = POLLIN, .revents = 0};
  char bytes[4096];
  const ssize_t size = poll(&output, 1, kLimit) > 0 ? read(master_, bytes, sizeof bytes) : 0;
  if (size <= 0) return false;
  const std::string_view read(bytes, static_cast<size_t>(size));
  shown_.append(read);
  screen_.Write(read);
  return true;
}

testing::AssertionResult Terminal::Shows(std::string_view text) {
  size_t found = 0;
  while ((found = shown_.find(text, from_)) == std::string::npos) {
    if (!Read()) return testing::AssertionFailure() << "no '" << text << "' in:\n" << shown_.substr(from_);
  }
  from_ = found + text.size();
  return testing::AssertionSuccess();
}

testing::AssertionResult Terminal::Becomes(const std::function<bool(const Screen&)>& is_right) {
  while (!is_right(screen_)) {
    if (!Read()) return testing::AssertionFailure() << "the screen remained:\n" << screen_.Text();
  }
  return testing::AssertionSuccess();
}

int Terminal::Ended() {
  while (Read()) {
  }
  int status = 0;
  waitpid(child_, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool Terminal::IsAsBefore() const {
  termios now = {};
  tcgetattr(master_, &now);
  return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag;
}

}  // namespace racelab
