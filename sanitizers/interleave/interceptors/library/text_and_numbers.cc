// The C library's functions that convert between text and numbers, and others that access memory through pointers.

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <wchar.h>

#include <algorithm>

#include "sanitizers/interleave/interceptors/library/accesses.h"

namespace racelab::interleave {
namespace {

// Parsing a number at the beginning of `text` reads one character beyond it.
void ReadsNumber(const char* text, const char* end, const void* pc) {
  if (!Noted()) return;
  if (end != text) return Reads(text, static_cast<std::size_t>(end - text) + 1, pc);
  std::size_t blanks = 0;
  while (text[blanks] == ' ' || (text[blanks] >= '\t' && text[blanks] <= '\r')) ++blanks;
  Reads(text, blanks + 1, pc);
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

#define RACELAB_PARSES_INTEGER(type, name)                                 \
  RACELAB_STAND_IN(type, name, (const char* text, char** end, int base)) { \
    if (Noted()) {                                                         \
      char* behind;                                                        \
      RACELAB_LIBRARYS(name)(text, &behind, base);                         \
      ReadsNumber(text, behind, RACELAB_CALLER);                           \
      if (end != nullptr) Writes(end, sizeof *end, RACELAB_CALLER);        \
    }                                                                      \
    return RACELAB_LIBRARYS(name)(text, end, base);                        \
  }
RACELAB_PARSES_INTEGER(long, strtol)
RACELAB_PARSES_INTEGER(unsigned long, strtoul)
RACELAB_PARSES_INTEGER(long long, strtoll)
RACELAB_PARSES_INTEGER(unsigned long long, strtoull)
RACELAB_PARSES_INTEGER(intmax_t, strtoimax)
RACELAB_PARSES_INTEGER(uintmax_t, strtoumax)
// Since glibc 2.38, programs that were compiled as C23 or by a newer g++ call these, which know binary numbers.
RACELAB_PARSES_INTEGER(long, __isoc23_strtol)
RACELAB_PARSES_INTEGER(unsigned long, __isoc23_strtoul)
RACELAB_PARSES_INTEGER(long long, __isoc23_strtoll)
RACELAB_PARSES_INTEGER(unsigned long long, __isoc23_strtoull)
RACELAB_PARSES_INTEGER(intmax_t, __isoc23_strtoimax)
RACELAB_PARSES_INTEGER(uintmax_t, __isoc23_strtoumax)

#define RACELAB_PARSES_FLOATING(type, name)                         \
  RACELAB_STAND_IN(type, name, (const char* text, char** end)) {    \
    if (Noted()) {                                                  \
      char* behind;                                                 \
      RACELAB_LIBRARYS(name)(text, &behind);                        \
      ReadsNumber(text, behind, RACELAB_CALLER);                    \
      if (end != nullptr) Writes(end, sizeof *end, RACELAB_CALLER); \
    }                                                               \
    return RACELAB_LIBRARYS(name)(text, end);                       \
  }
RACELAB_PARSES_FLOATING(float, strtof)
RACELAB_PARSES_FLOATING(double, strtod)
RACELAB_PARSES_FLOATING(long double, strtold)

#define RACELAB_PARSES_ALL(type, name, parse)        \
  RACELAB_STAND_IN(type, name, (const char* text)) { \
    if (Noted()) {                                   \
      char* behind;                                  \
      parse;                                         \
      ReadsNumber(text, behind, RACELAB_CALLER);     \
    }                                                \
    return RACELAB_LIBRARYS(name)(text);             \
  }
RACELAB_PARSES_ALL(int, atoi, RACELAB_LIBRARYS(strtol)(text, &behind, 10))
RACELAB_PARSES_ALL(long, atol, RACELAB_LIBRARYS(strtol)(text, &behind, 10))
RACELAB_PARSES_ALL(long long, atoll, RACELAB_LIBRARYS(strtoll)(text, &behind, 10))
RACELAB_PARSES_ALL(double, atof, RACELAB_LIBRARYS(strtod)(text, &behind))

namespace racelab::interleave {
namespace {

std::size_t Length(const char* text, std::size_t most) {
  std::size_t length = 0;
  while (length < most && text[length] != '\0') ++length;
  return length;
}

// A conversion in a format, parsed from after its '%'.
struct Conversion {
  enum class Size : std::uint8_t { kByte, kShort, kInt, kLong, kLongDouble };
  Size size = Size::kInt;
  std::size_t precision = SIZE_MAX;
  bool skipped = false;  // '*' of a scan
  char letter = '\0';
};

// `next` returns the int for a '*'.
template <typename Next>
const char* Parse(const char* format, Conversion& conversion, Next next) {
  using Size = Conversion::Size;
  bool precise = false;
  for (;; ++format) {
    const char c = *format;
    if (c == '*') {
      const int value = next();
      if (precise) conversion.precision = value < 0 ? SIZE_MAX : static_cast<std::size_t>(value);
      conversion.skipped = true;
    } else if (c == '.') {
      precise = true;
      conversion.precision = 0;
    } else if (c >= '0' && c <= '9') {
      if (precise) conversion.precision = 10 * conversion.precision + static_cast<std::size_t>(c - '0');
    } else if (c == 'h') {
      conversion.size = conversion.size == Size::kShort ? Size::kByte : Size::kShort;
    } else if (c == 'l' || c == 'j' || c == 'z' || c == 't' || c == 'q') {
      conversion.size = Size::kLong;
    } else if (c == 'L') {
      conversion.size = Size::kLongDouble;
    } else if (c != '-' && c != '+' && c != ' ' && c != '#' && c != '\'' && c != 'I') {
      conversion.letter = c;
      return c == '\0' ? format : format + 1;
    }
  }
}

}  // namespace

// Formats with numbered arguments ("%1$s") are not supported.
void ReadsFormatted(const char* format, va_list given, const void* pc) {
  if (!Noted()) return;
  Reads(format, Length(format, SIZE_MAX) + 1, pc);
  va_list arguments;
  va_copy(arguments, given);
  while (*format != '\0') {
    if (*format++ != '%') continue;
    Conversion conversion;
    format = Parse(format, conversion, [&arguments] { return va_arg(arguments, int); });
    if (conversion.letter == '$' || conversion.letter == '\0') break;
    switch (conversion.letter) {
      case 's': {
        const char* text = va_arg(arguments, const char*);
        if (text == nullptr || conversion.size == Conversion::Size::kLong) break;
        const std::size_t length = Length(text, conversion.precision);
        Reads(text, length < conversion.precision ? length + 1 : length, pc);
        break;
      }
      case '%':
      case 'm':
        break;
      case 'n':
        Writes(va_arg(arguments, int*), conversion.size == Conversion::Size::kLong ? sizeof(long) : sizeof(int), pc);
        break;
      case 'a':
      case 'A':
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
        if (conversion.size == Conversion::Size::kLongDouble) {  // NOLINT(bugprone-branch-clone): the types differ.
          va_arg(arguments, long double);
        } else {
          va_arg(arguments, double);
        }
        break;
      default:
        va_arg(arguments, long);  // On this machine, an int is passed like a long.
    }
  }
  va_end(arguments);
}

}  // namespace racelab::interleave

// The length is needed before the text is written, so the text is first formatted without a buffer.
RACELAB_STAND_IN(int, vsnprintf, (char* to, std::size_t size, const char* format, va_list arguments)) {
  if (Noted()) {
    ReadsFormatted(format, arguments, RACELAB_CALLER);
    va_list copy;
    va_copy(copy, arguments);
    const int length = RACELAB_LIBRARYS(vsnprintf)(nullptr, 0, format, copy);
    va_end(copy);
    if (length >= 0) Writes(to, std::min(static_cast<std::size_t>(length) + 1, size), RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(vsnprintf)(to, size, format, arguments);
}

namespace racelab::interleave {
namespace {

int Print(char* to, std::size_t size, const char* format, va_list arguments, const void* pc) {
  if (Noted()) {
    ReadsFormatted(format, arguments, pc);
    va_list copy;
    va_copy(copy, arguments);
    const int length = RACELAB_LIBRARYS(vsnprintf)(nullptr, 0, format, copy);
    va_end(copy);
    if (length >= 0) Writes(to, std::min(static_cast<std::size_t>(length) + 1, size), pc);
  }
  return RACELAB_LIBRARYS(vsnprintf)(to, size, format, arguments);
}

constexpr std::size_t kAnySize = INT32_MAX;

}  // namespace
}  // namespace racelab::interleave

#define RACELAB_PRINTS(name, parameters, size)                             \
  RACELAB_STAND_IN(int, name, parameters) {                                \
    va_list arguments;                                                     \
    va_start(arguments, format);                                           \
    const int length = Print(to, size, format, arguments, RACELAB_CALLER); \
    va_end(arguments);                                                     \
    return length;                                                         \
  }
RACELAB_PRINTS(snprintf, (char* to, std::size_t size, const char* format, ...), size)
RACELAB_PRINTS(sprintf, (char* to, const char* format, ...), kAnySize)
RACELAB_STAND_IN(int, vsprintf, (char* to, const char* format, va_list arguments)) {
  return Print(to, kAnySize, format, arguments, RACELAB_CALLER);
}

// A program that was compiled with _FORTIFY_SOURCE calls these.
RACELAB_STAND_IN(int, __vsnprintf_chk,
                 (char* to, std::size_t size, int flag, std::size_t room, const char* format, va_list arguments)) {
  if (size > room) return RACELAB_LIBRARYS(__vsnprintf_chk)(to, size, flag, room, format, arguments);
  return Print(to, size, format, arguments, RACELAB_CALLER);
}
RACELAB_STAND_IN(int, __vsprintf_chk, (char* to, int, std::size_t room, const char* format, va_list arguments)) {
  const int length = Print(to, room, format, arguments, RACELAB_CALLER);
  if (length >= 0 && static_cast<std::size_t>(length) >= room) abort();
  return length;
}
RACELAB_PRINTS(__snprintf_chk, (char* to, std::size_t size, int, std::size_t room, const char* format, ...),
               std::min(size, room))
RACELAB_STAND_IN(int, __sprintf_chk, (char* to, int flag, std::size_t room, const char* format, ...)) {
  va_list arguments;
  va_start(arguments, format);
  const int length = StandInFor___vsprintf_chk(to, flag, room, format, arguments);
  va_end(arguments);
  return length;
}

namespace racelab::interleave {

void WritesScanned(const char* format, int count, va_list given, const void* pc) {
  va_list arguments;
  va_copy(arguments, given);
  while (*format != '\0' && count > 0) {
    if (*format++ != '%') continue;
    Conversion conversion;
    std::size_t width = 0;
    for (const char* digit = format; *digit >= '0' && *digit <= '9'; ++digit)
      width = 10 * width + static_cast<std::size_t>(*digit - '0');
    format = Parse(format, conversion, [] { return 0; });
    if (conversion.letter == '[') {
      if (*format == '^') ++format;
      if (*format == ']') ++format;
      while (*format != '\0' && *format != ']') ++format;
    }
    if (conversion.letter == '%' || conversion.skipped) continue;
    if (conversion.letter == '\0' || conversion.letter == '$' || conversion.letter == 'm') break;
    auto* target = va_arg(arguments, char*);
    constexpr std::size_t kSizes[] = {1, 2, 4, 8, 16};
    std::size_t bytes = kSizes[static_cast<int>(conversion.size)];
    const bool wide = conversion.size == Conversion::Size::kLong;
    switch (conversion.letter) {
      case 's':
      case '[':
        bytes = wide ? (wcslen(reinterpret_cast<const wchar_t*>(target)) + 1) * sizeof(wchar_t)
                     : Length(target, SIZE_MAX) + 1;
        break;
      case 'c':
        bytes = std::max<std::size_t>(width, 1) * (wide ? sizeof(wchar_t) : 1);
        break;
      case 'p':
        bytes = sizeof(void*);
        break;
      default:
        break;
    }
    Writes(target, bytes, pc);
    if (conversion.letter != 'n') --count;
  }
  va_end(arguments);
}

namespace {

int Scan(const char* text, const char* format, va_list arguments, int (*scan)(const char*, const char*, va_list),
         const void* pc) {
  if (!Noted()) return scan(text, format, arguments);
  Reads(text, Length(text, SIZE_MAX) + 1, pc);
  Reads(format, Length(format, SIZE_MAX) + 1, pc);
  va_list copy;
  va_copy(copy, arguments);
  const int count = scan(text, format, arguments);
  WritesScanned(format, count, copy, pc);
  va_end(copy);
  return count;
}

}  // namespace
}  // namespace racelab::interleave

#define RACELAB_SCANS(name, with_list)                                                            \
  RACELAB_STAND_IN(int, with_list, (const char* text, const char* format, va_list arguments)) {   \
    return Scan(text, format, arguments, RACELAB_LIBRARYS(with_list), RACELAB_CALLER);            \
  }                                                                                               \
  RACELAB_STAND_IN(int, name, (const char* text, const char* format, ...)) {                      \
    va_list arguments;                                                                            \
    va_start(arguments, format);                                                                  \
    const int count = Scan(text, format, arguments, RACELAB_LIBRARYS(with_list), RACELAB_CALLER); \
    va_end(arguments);                                                                            \
    return count;                                                                                 \
  }
RACELAB_SCANS(sscanf, vsscanf)
RACELAB_SCANS(__isoc99_sscanf, __isoc99_vsscanf)
RACELAB_SCANS(__isoc23_sscanf, __isoc23_vsscanf)

// Sorting reads and writes the whole array; the comparison is the program's own code.
RACELAB_STAND_IN(void, qsort,
                 (void* array, std::size_t count, std::size_t size, int (*compare)(const void*, const void*))) {
  if (count > 1) {
    Reads(array, count * size, RACELAB_CALLER);
    Writes(array, count * size, RACELAB_CALLER);
  }
  RACELAB_LIBRARYS(qsort)(array, count, size, compare);
}
