#include "sanitizers/racelab/terminal.h"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace racelab {
namespace {

// Also true for pipes, and for the locale "C" of bare containers, whose terminals do show UTF-8.
bool SpeaksUtf8() {
  static const bool utf8 = [] {
    std::setlocale(LC_CTYPE, "");
    const std::string_view codeset = nl_langinfo(CODESET);
    return codeset == "UTF-8" || codeset == "ANSI_X3.4-1968";
  }();
  return utf8;
}

std::string_view Escape(Colour colour) {
  switch (colour) {
    case Colour::kNone:
      return "";
    case Colour::kRed:
      return "\033[31m";
    case Colour::kGreen:
      return "\033[32m";
    case Colour::kYellow:
      return "\033[33m";
    case Colour::kCode:
      return "\033[36m";
    case Colour::kBold:
      return "\033[1m";
    case Colour::kDim:
      return "\033[2m";
  }
  return "";
}

}  // namespace

bool TakesEscapes() {
  const char* term = std::getenv("TERM");
  return term != nullptr && *term != '\0' && std::string_view(term) != "dumb";
}

bool IsColoured() {
  static const bool coloured = [] {
    const char* no_color = std::getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && TakesEscapes() && (no_color == nullptr || *no_color == '\0');
  }();
  return coloured;
}

std::string Paint(Colour colour, std::string_view text) {
  if (!IsColoured() || colour == Colour::kNone) return std::string(text);
  return absl::StrCat(Escape(colour), text, "\033[0m");
}

int Columns(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

int VisibleColumns(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\033') {
      i = std::min(text.find('m', i), text.size());
    } else {
      plain += text[i];
    }
  }
  return Columns(plain);
}

int RowsOf(std::string_view text, int columns) {
  int rows = 0;
  std::vector<std::string_view> lines = absl::StrSplit(text, '\n');
  lines.pop_back();
  for (std::string_view line : lines) rows += std::max(1, (VisibleColumns(line) + columns - 1) / columns);
  return rows;
}

ScreenSize SizeOfScreen() {
  ScreenSize size;
  winsize window = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_row == 0 || window.ws_col == 0) return size;
  constexpr int kFewestLines = 10, kFewestColumns = 40;  // Below that, the terminal breaks the lines.
  size.lines = std::max<int>(window.ws_row, kFewestLines);
  size.columns = std::max<int>(window.ws_col, kFewestColumns);
  return size;
}

std::string Pad(std::string_view text, int columns) {
  return absl::StrCat(text, std::string(std::max(0, columns - Columns(text)), ' '));
}

std::string Wrap(std::string_view text, int columns, int indent, int begin) {
  std::string wrapped;
  int column = begin;
  for (std::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (!wrapped.empty() && column + 1 + Columns(word) > columns) {
      absl::StrAppend(&wrapped, "\n", std::string(indent, ' '));
      column = indent;
    } else if (!wrapped.empty()) {
      wrapped += ' ';
      ++column;
    }
    wrapped += word;
    column += Columns(word);
  }
  return wrapped;
}

std::string_view CrossMark() { return SpeaksUtf8() ? "✗" : "x"; }
std::string_view CheckMark() { return SpeaksUtf8() ? "✓" : "+"; }
std::string_view Arrow() { return SpeaksUtf8() ? " → " : " -> "; }
std::string_view HereMark() { return SpeaksUtf8() ? "▸" : ">"; }
std::string_view DotMark() { return SpeaksUtf8() ? "·" : "."; }
std::string_view Ellipsis() { return SpeaksUtf8() ? "⋮" : ":"; }
std::string_view Dash() { return SpeaksUtf8() ? "–" : "-"; }

Progress::Progress() : enabled_(isatty(STDERR_FILENO) != 0 && TakesEscapes()) {}

void Progress::Show(std::string_view line) {
  if (show_) show_(line);
  if (!enabled_) return;
  std::string cut(line.substr(0, 78));
  std::fprintf(stderr, "\r\033[K%s", cut.c_str());
  std::fflush(stderr);
  shown_ = true;
  showing_ = this;
}

void Progress::Clear() {
  if (shown_) std::fputs("\r\033[K", stderr);
  shown_ = false;
  if (showing_ == this) showing_ = nullptr;
}

void Progress::ClearAny() {
  if (showing_ != nullptr) showing_->Clear();
}

}  // namespace racelab
