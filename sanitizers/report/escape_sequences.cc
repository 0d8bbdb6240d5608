#include "sanitizers/report/escape_sequences.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace racelab {
namespace {

constexpr char kEscape = '\x1b', kBell = '\a';

// The number of characters at the beginning of `text` that are from `first` to `last`.
size_t CountFromTo(std::string_view text, char first, char last) {
  size_t count = 0;
  while (count < text.size() && text[count] >= first && text[count] <= last) ++count;
  return count;
}

// "]8;;https://…", up to a bell or "\x1b\\" on the same line; 0 if there is neither.
size_t CommandSize(std::string_view text) {
  if (!text.starts_with(']')) return 0;
  const size_t end = text.find_first_of("\n\a\x1b");
  if (end == std::string_view::npos || text[end] == '\n') return 0;
  if (text[end] == kBell) return end + 1;
  return text.substr(end + 1).starts_with('\\') ? end + 2 : 0;
}

// How much of `text`, which follows an escape character, belongs to its sequence. One that is cut ends where it is cut.
size_t SequenceSize(std::string_view text) {
  if (const size_t size = CommandSize(text); size > 0) return size;
  const bool is_control = text.starts_with('[');  // "[1;31m"
  size_t size = is_control ? 1 : 0;
  if (is_control) size += CountFromTo(text.substr(size), '0', '?');
  size += CountFromTo(text.substr(size), ' ', '/');  // "(B" has one of these, too
  const bool is_complete = size < text.size() && text[size] >= (is_control ? '@' : '0') && text[size] <= '~';
  return is_complete ? size + 1 : size;
}

}  // namespace

std::string_view WithoutEscapeSequences(std::string_view text, std::string& buffer) {
  size_t escape = text.find(kEscape);
  if (escape == std::string_view::npos) return text;
  buffer.clear();
  for (; escape != std::string_view::npos; escape = text.find(kEscape)) {
    buffer.append(text.substr(0, escape));
    text.remove_prefix(escape + 1);
    text.remove_prefix(SequenceSize(text));
  }
  return buffer.append(text);
}

}  // namespace racelab
