#ifndef RACELAB_SANITIZERS_FORMATS_UTF8_H_
#define RACELAB_SANITIZERS_FORMATS_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace racelab {

// Returns the text with U+FFFD in place of each byte that is not valid UTF-8, and of U+FFFE and U+FFFF, which XML does
// not allow. Programs may print any bytes, and one invalid character makes readers reject the whole file.
std::string Utf8(std::string_view text);

// Returns at most the first `most` bytes of the text, without splitting a character.
std::string_view FirstBytes(std::string_view text, size_t most);

// The number of characters, if the text is UTF-8.
size_t CodePoints(std::string_view text);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FORMATS_UTF8_H_
