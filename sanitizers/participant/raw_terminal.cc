#include "sanitizers/participant/raw_terminal.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sanitizers/participant/screen_parts.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

constexpr std::string_view kOtherScreen = "\033[?1049h\033[?25l", kOwnScreen = "\033[?25h\033[?1049l";
// A terminal that supports these sequences (https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036)
// shows everything between them at once; others ignore them.
constexpr std::string_view kBeginDrawing = "\033[?2026h", kEndDrawing = "\033[?2026l";
constexpr char kControlC = 3, kControlD = 4, kEscape = 27;

void Write(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// Readable after the terminal's size has changed. The signal may come at any moment, not only during poll(), and to any
// thread. Opened with the terminal: before, it might become the standard input of a racelab that has none.
int resized = -1;

void OnResize(int) {
  const int error = errno;
  eventfd_write(resized, 1);
  errno = error;
}

// The key for an escape sequence (ECMA-48), given without its first character; kEscape if it is not used here.
int KeyOf(std::string_view sequence) {
  if (sequence == "[A" || sequence == "OA") return RawTerminal::kUp;
  if (sequence == "[B" || sequence == "OB") return RawTerminal::kDown;
  if (sequence == "[5~") return RawTerminal::kPageUp;
  if (sequence == "[6~") return RawTerminal::kPageDown;
  return kEscape;
}

}  // namespace

bool RawTerminal::IsPossible() { return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && TakesEscapes(); }

RawTerminal::RawTerminal() {
  if (resized < 0) resized = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct sigaction action = {};
  action.sa_handler = OnResize;
  sigaction(SIGWINCH, &action, nullptr);
  Resume();
}

RawTerminal::~RawTerminal() { Suspend(); }

void RawTerminal::Resume() {
  if (active_ || tcgetattr(STDIN_FILENO, &before_) != 0) return;
  termios raw = before_;
  raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL | IXON);
  // Without ISIG, Ctrl-C is a key like any other: no signal can end the program while the terminal is in this state.
  raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG | IEXTEN);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
  Write(kOtherScreen);
  active_ = true;
}

void RawTerminal::Suspend() {
  if (!active_) return;
  Write(kOwnScreen);
  tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  active_ = false;
}

void RawTerminal::Draw(const std::string& text, const std::string& keys) {
  const ScreenSize size = SizeOfScreen();
  const int below = keys.empty() ? 0 : RowsOf(absl::StrCat(keys, "\n"), size.columns);
  const std::string all = absl::StrCat(keys.empty() ? text : FirstRows(text, size.lines - below, size.columns), keys);
  std::string screen = absl::StrCat(kBeginDrawing, "\033[H");
  int rows = 0;
  for (std::string_view line : absl::StrSplit(all, '\n')) {
    // The terminal breaks long lines. One row too many would scroll the whole screen.
    const int taken = RowsOf(absl::StrCat(line, "\n"), size.columns);
    if (rows + taken > size.lines) break;
    // After a line that fills its row, the cursor is still on its last character, which must not be erased.
    const int columns = VisibleColumns(line);
    const bool is_full = columns > 0 && columns % size.columns == 0;
    absl::StrAppend(&screen, rows == 0 ? "" : "\r\n", line, is_full ? "" : "\033[K");
    rows += taken;
  }
  Write(absl::StrCat(screen, rows < size.lines ? "\r\n\033[J" : "", kEndDrawing));
}

int RawTerminal::Key() {
  for (;;) {
    if (const std::optional<int> key = KeyWithin(/*milliseconds=*/-1)) return *key;
  }
}

std::optional<int> RawTerminal::KeyWithin(int milliseconds) {
  if (InterruptRequested()) return kInterrupt;
  pollfd inputs[] = {{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                     {.fd = resized, .events = POLLIN, .revents = 0}};
  const int ready = poll(inputs, 2, milliseconds);
  if (InterruptRequested()) return kInterrupt;
  if (TakeResize() || ready < 0) return kResized;
  if (ready == 0) return std::nullopt;
  return ReadKey();
}

int RawTerminal::resize_fd() { return resized; }

bool RawTerminal::TakeResize() {
  eventfd_t times;
  return eventfd_read(resized, &times) == 0;
}

int RawTerminal::ReadKey() {
  // Reads one byte only: more keys may be waiting.
  char key = 0;
  const ssize_t size = read(STDIN_FILENO, &key, 1);
  if (size <= 0) return size < 0 && errno == EINTR ? kResized : kInterrupt;
  if (key == kControlC || key == kControlD) return kInterrupt;
  if (key == kEscape) {  // an arrow or function key, whose sequence arrives at once
    pollfd input = {.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    char sequence[16];
    const ssize_t length = poll(&input, 1, 0) > 0 ? read(STDIN_FILENO, sequence, sizeof sequence) : 0;
    if (length < 0) return kResized;
    return KeyOf(std::string_view(sequence, static_cast<size_t>(length)));
  }
  return static_cast<unsigned char>(key);
}

}  // namespace racelab
