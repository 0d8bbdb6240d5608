#ifndef RACELAB_SANITIZERS_FORMATS_UTF8_H_
#define RACELAB_SANITIZERS_FORMATS_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace racelab {

// The text, with U+FFFD in place of each byte that is not part of a character, and of the two characters that XML does
// not allow (U+FFFE and U+FFFF): readers refuse a whole file because of one of them, and programs print anything.
std::string Utf8(std::string_view text);

// The beginning of the text, of at most `most` bytes, which does not end within a character.
std::string_view FirstBytes(std::string_view text, size_t most);

// The number of characters, if the text is UTF-8.
size_t CodePoints(std::string_view text);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FORMATS_UTF8_H_
