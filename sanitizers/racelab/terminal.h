#ifndef RACELAB_SANITIZERS_RACELAB_TERMINAL_H_
#define RACELAB_SANITIZERS_RACELAB_TERMINAL_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace racelab {

enum class Colour { kNone, kRed, kGreen, kYellow, kCode, kBold, kDim };

// Whether TERM names a terminal that understands escape sequences.
bool TakesEscapes();

// Whether standard output is a terminal with colours, and NO_COLOR (https://no-color.org) is not set.
bool IsColoured();

// `text` in a colour if IsColoured(); otherwise unchanged.
std::string Paint(Colour colour, std::string_view text);

// `text` followed by blanks up to `columns` columns; unchanged if it is wider.
std::string Pad(std::string_view text, int columns);

// The number of columns that `text`, in UTF-8 and without escapes, takes on a terminal.
int Columns(std::string_view text);

// Like Columns(), for text that may contain the escapes of Paint().
int VisibleColumns(std::string_view text);

// The size of the terminal at standard output; 24 lines of 80 columns if it is not a terminal or its size is unknown.
struct ScreenSize {
  int lines = 24;
  int columns = 80;
};
ScreenSize SizeOfScreen();

// The rows that `text` takes on a terminal, which breaks long lines. An unterminated last line does not count.
int RowsOf(std::string_view text, int columns);

// `text` broken at blanks into lines of at most `columns` columns. Each line after the first begins with `indent`
// blanks; the first one begins after `begin` columns of other text.
std::string Wrap(std::string_view text, int columns, int indent, int begin = 0);

// The marks in the tables: "✗", "✓", " → ", "⋮" and "–", or similar ASCII characters if the locale is not UTF-8.
std::string_view CrossMark();
std::string_view CheckMark();
std::string_view Arrow();
std::string_view HereMark();  // "▸"
std::string_view DotMark();   // "·"
std::string_view Ellipsis();
std::string_view Dash();

// A line on standard error that shows the progress of long work: it rewrites itself on a terminal, and is silent in a
// pipe. Thread-compatible.
class Progress {
 public:
  Progress();
  // Passes the lines to `show` instead of the terminal.
  explicit Progress(std::function<void(std::string_view)> show) : enabled_(false), show_(std::move(show)) {}
  ~Progress() { Clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Show(std::string_view line);
  // Call this before printing anything else.
  void Clear();

  // Clears the progress line, whichever object shows it. Call this before printing an error.
  static void ClearAny();

 private:
  const bool enabled_;
  const std::function<void(std::string_view)> show_;
  bool shown_ = false;
  static inline Progress* showing_ = nullptr;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_TERMINAL_H_
