#include "sanitizers/formats/utf8.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace racelab {
namespace {

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// The length in bytes of the text's first character; 0 if it is not valid UTF-8 (RFC 3629).
size_t LengthOfCharacter(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const size_t length = first < 0x80   ? 1
                        : first < 0xc2 ? 0
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                        : first < 0xf5 ? 4
                                       : 0;
  if (length == 0 || text.size() < length) return 0;
  char32_t character = length == 1 ? first : first & (0xff >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if (!Continues(text[i])) return 0;
    character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = character >= 0xd800 && character < 0xe000;
  const bool allowed = character <= 0x10ffff && character != 0xfffe && character != 0xffff;
  return character >= kLeast[length] && !surrogate && allowed ? length : 0;
}

}  // namespace

std::string Utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const size_t length = LengthOfCharacter(text);
    valid += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return valid;
}

std::string_view FirstBytes(std::string_view text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most;
  while (end > 0 && most - end < 3 && Continues(text[end])) --end;
  return text.substr(0, Continues(text[end]) ? most : end);
}

size_t CodePoints(std::string_view text) {
  return text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), Continues));
}

}  // namespace racelab
