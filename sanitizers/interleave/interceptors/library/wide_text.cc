// The functions of <wchar.h> and <uchar.h> on wide text, and those that convert between wide text and bytes.

#include <stdarg.h>
#include <stdint.h>
#include <uchar.h>
#include <wchar.h>

#include <algorithm>

#include "sanitizers/interleave/interceptors/library/accesses.h"

namespace racelab::interleave {
namespace {

std::size_t WideLength(const wchar_t* text, std::size_t most = SIZE_MAX) {
  std::size_t length = 0;
  while (length < most && text[length] != L'\0') ++length;
  return length;
}

// Reads this many characters.
void ReadsWide(const wchar_t* text, std::size_t characters, const void* pc) {
  Reads(text, characters * sizeof *text, pc);
}
void WritesWide(wchar_t* text, std::size_t characters, const void* pc) { Writes(text, characters * sizeof *text, pc); }

// Reads a text, if there is one, with its end unless that is beyond `most` characters.
void ReadsWideText(const wchar_t* text, const void* pc, std::size_t most = SIZE_MAX) {
  if (text != nullptr && Noted()) ReadsWide(text, std::min(WideLength(text, most - 1) + 1, most), pc);
}

// Records the writes of such a conversion: the returned number of characters, and the end if there was room.
void Converted(std::size_t count, std::size_t room, wchar_t* to, const void* pc) {
  if (to != nullptr && count != SIZE_MAX && Noted()) WritesWide(to, std::min(count + 1, room), pc);
}
void Converted(std::size_t count, std::size_t room, char* to, const void* pc) {
  if (to != nullptr && count != SIZE_MAX) FilledBytes(true, to, std::min(count + 1, room), pc);
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

// Copies at most `most` characters, and fills the rest with zeros.
#define RACELAB_COPIES_WIDE(name)                                                           \
  RACELAB_STAND_IN(wchar_t*, name, (wchar_t * to, const wchar_t* from, std::size_t most)) { \
    ReadsWideText(from, RACELAB_CALLER, most);                                              \
    WritesWide(to, most, RACELAB_CALLER);                                                   \
    return RACELAB_LIBRARYS(name)(to, from, most);                                          \
  }
RACELAB_COPIES_WIDE(wcsncpy)
RACELAB_COPIES_WIDE(wcpncpy)
RACELAB_STAND_IN(wchar_t*, wcpcpy, (wchar_t * to, const wchar_t* from)) {
  ReadsWideText(from, RACELAB_CALLER);
  if (Noted()) WritesWide(to, WideLength(from) + 1, RACELAB_CALLER);
  return RACELAB_LIBRARYS(wcpcpy)(to, from);
}
RACELAB_STAND_IN(wchar_t*, wcsncat, (wchar_t * to, const wchar_t* from, std::size_t most)) {
  ReadsWideText(to, RACELAB_CALLER);
  ReadsWideText(from, RACELAB_CALLER, most);
  if (Noted()) WritesWide(to + WideLength(to), WideLength(from, most) + 1, RACELAB_CALLER);
  return RACELAB_LIBRARYS(wcsncat)(to, from, most);
}
RACELAB_STAND_IN(wchar_t*, wcsdup, (const wchar_t* text)) {
  ReadsWideText(text, RACELAB_CALLER);
  return RACELAB_LIBRARYS(wcsdup)(text);
}
RACELAB_STAND_IN(std::size_t, wcsnlen, (const wchar_t* text, std::size_t most)) {
  ReadsWideText(text, RACELAB_CALLER, most);
  return RACELAB_LIBRARYS(wcsnlen)(text, most);
}
RACELAB_STAND_IN(int, wcsncmp, (const wchar_t* a, const wchar_t* b, std::size_t most)) {
  if (Noted()) {
    std::size_t seen = 0;
    while (seen < most && a[seen] != L'\0' && a[seen] == b[seen]) ++seen;
    ReadsWide(a, std::min(seen + 1, most), RACELAB_CALLER);
    ReadsWide(b, std::min(seen + 1, most), RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(wcsncmp)(a, b, most);
}
RACELAB_STAND_IN(int, wcscoll, (const wchar_t* a, const wchar_t* b)) {
  ReadsWideText(a, RACELAB_CALLER);
  ReadsWideText(b, RACELAB_CALLER);
  return RACELAB_LIBRARYS(wcscoll)(a, b);
}
RACELAB_STAND_IN(wchar_t*, wcsstr, (const wchar_t* text, const wchar_t* wanted)) {
  ReadsWideText(text, RACELAB_CALLER);
  ReadsWideText(wanted, RACELAB_CALLER);
  return RACELAB_LIBRARYS(wcsstr)(text, wanted);
}
RACELAB_STAND_IN(wchar_t*, wcsrchr, (const wchar_t* text, wchar_t wanted)) {
  ReadsWideText(text, RACELAB_CALLER);
  return RACELAB_LIBRARYS(wcsrchr)(text, wanted);
}
RACELAB_STAND_IN(std::size_t, wcsxfrm, (wchar_t * to, const wchar_t* from, std::size_t most)) {
  ReadsWideText(from, RACELAB_CALLER);
  const std::size_t length = RACELAB_LIBRARYS(wcsxfrm)(to, from, most);
  if (most != 0) Converted(length, most, to, RACELAB_CALLER);
  return length;
}
// The library writes the zero at the end of the word.
RACELAB_STAND_IN(wchar_t*, wcstok, (wchar_t * text, const wchar_t* separators, wchar_t** rest)) {
  if (text == nullptr) Reads(rest, sizeof *rest, RACELAB_CALLER);
  ReadsWideText(separators, RACELAB_CALLER);
  wchar_t* word = RACELAB_LIBRARYS(wcstok)(text, separators, rest);
  if (word != nullptr && Noted()) WritesWide(word, WideLength(word) + 1, RACELAB_CALLER);
  Writes(rest, sizeof *rest, RACELAB_CALLER);
  return word;
}

#define RACELAB_PARSES_WIDE(type, name, parameters, arguments)    \
  RACELAB_STAND_IN(type, name, parameters) {                      \
    ReadsWideText(text, RACELAB_CALLER);                          \
    if (end != nullptr) Writes(end, sizeof *end, RACELAB_CALLER); \
    return RACELAB_LIBRARYS(name) arguments;                      \
  }
RACELAB_PARSES_WIDE(long, wcstol, (const wchar_t* text, wchar_t** end, int base), (text, end, base))
RACELAB_PARSES_WIDE(unsigned long, wcstoul, (const wchar_t* text, wchar_t** end, int base), (text, end, base))
RACELAB_PARSES_WIDE(long long, wcstoll, (const wchar_t* text, wchar_t** end, int base), (text, end, base))
RACELAB_PARSES_WIDE(unsigned long long, wcstoull, (const wchar_t* text, wchar_t** end, int base), (text, end, base))
RACELAB_PARSES_WIDE(long, __isoc23_wcstol, (const wchar_t* text, wchar_t** end, int base), (text, end, base))
RACELAB_PARSES_WIDE(unsigned long, __isoc23_wcstoul, (const wchar_t* text, wchar_t** end, int base), (text, end, base))
RACELAB_PARSES_WIDE(long long, __isoc23_wcstoll, (const wchar_t* text, wchar_t** end, int base), (text, end, base))
RACELAB_PARSES_WIDE(unsigned long long, __isoc23_wcstoull, (const wchar_t* text, wchar_t** end, int base),
                    (text, end, base))
RACELAB_PARSES_WIDE(float, wcstof, (const wchar_t* text, wchar_t** end), (text, end))
RACELAB_PARSES_WIDE(double, wcstod, (const wchar_t* text, wchar_t** end), (text, end))
RACELAB_PARSES_WIDE(long double, wcstold, (const wchar_t* text, wchar_t** end), (text, end))

RACELAB_STAND_IN(int, vswprintf, (wchar_t * to, std::size_t room, const wchar_t* format, va_list arguments)) {
  ReadsWideText(format, RACELAB_CALLER);
  const int length = RACELAB_LIBRARYS(vswprintf)(to, room, format, arguments);
  if (length >= 0) Converted(static_cast<std::size_t>(length), room, to, RACELAB_CALLER);
  return length;
}
RACELAB_STAND_IN(int, swprintf, (wchar_t * to, std::size_t room, const wchar_t* format, ...)) {
  ReadsWideText(format, RACELAB_CALLER);
  va_list arguments;
  va_start(arguments, format);
  const int length = RACELAB_LIBRARYS(vswprintf)(to, room, format, arguments);
  va_end(arguments);
  if (length >= 0) Converted(static_cast<std::size_t>(length), room, to, RACELAB_CALLER);
  return length;
}
namespace racelab::interleave {
namespace {

constexpr std::size_t kMostOfFormat = 1024;

int ScanWide(const wchar_t* text, const wchar_t* format, va_list given,
             int (*scan)(const wchar_t*, const wchar_t*, va_list), const void* pc) {
  ReadsWideText(text, pc);
  ReadsWideText(format, pc);
  va_list arguments;
  va_copy(arguments, given);
  const int count = scan(text, format, given);
  // Conversions consist of ASCII.
  char narrow[kMostOfFormat] = "";
  for (std::size_t i = 0; i + 1 < kMostOfFormat && format[i] != L'\0'; ++i)
    narrow[i] = format[i] < 0x80 ? static_cast<char>(format[i]) : '?';
  if (Noted()) WritesScanned(narrow, count, arguments, pc);
  va_end(arguments);
  return count;
}

}  // namespace
}  // namespace racelab::interleave

#define RACELAB_SCANS_WIDE(name, with_list)                                                           \
  RACELAB_STAND_IN(int, with_list, (const wchar_t* text, const wchar_t* format, va_list arguments)) { \
    return ScanWide(text, format, arguments, RACELAB_LIBRARYS(with_list), RACELAB_CALLER);            \
  }                                                                                                   \
  RACELAB_STAND_IN(int, name, (const wchar_t* text, const wchar_t* format, ...)) {                    \
    va_list arguments;                                                                                \
    va_start(arguments, format);                                                                      \
    const int count = ScanWide(text, format, arguments, RACELAB_LIBRARYS(with_list), RACELAB_CALLER); \
    va_end(arguments);                                                                                \
    return count;                                                                                     \
  }
RACELAB_SCANS_WIDE(swscanf, vswscanf)
RACELAB_SCANS_WIDE(__isoc99_swscanf, __isoc99_vswscanf)
RACELAB_SCANS_WIDE(__isoc23_swscanf, __isoc23_vswscanf)

RACELAB_STAND_IN(std::size_t, wcsftime,
                 (wchar_t * to, std::size_t room, const wchar_t* format, const struct tm* time)) {
  ReadsWideText(format, RACELAB_CALLER);
  Reads(time, sizeof(long) * 7, RACELAB_CALLER);
  const std::size_t length = RACELAB_LIBRARYS(wcsftime)(to, room, format, time);
  if (length != 0) Converted(length, room, to, RACELAB_CALLER);
  return length;
}

// Between wide text and bytes.
RACELAB_STAND_IN(std::size_t, mbstowcs, (wchar_t * to, const char* from, std::size_t room)) {
  ReadsText(from, RACELAB_CALLER);
  const std::size_t count = RACELAB_LIBRARYS(mbstowcs)(to, from, room);
  Converted(count, room, to, RACELAB_CALLER);
  return count;
}
RACELAB_STAND_IN(std::size_t, wcstombs, (char* to, const wchar_t* from, std::size_t room)) {
  ReadsWideText(from, RACELAB_CALLER);
  const std::size_t count = RACELAB_LIBRARYS(wcstombs)(to, from, room);
  Converted(count, room, to, RACELAB_CALLER);
  return count;
}
#define RACELAB_CONVERTS_SOME(name, To, From)                                                            \
  RACELAB_STAND_IN(std::size_t, name,                                                                    \
                   (To * to, const From** from, std::size_t most, std::size_t room, mbstate_t* state)) { \
    const std::size_t count = RACELAB_LIBRARYS(name)(to, from, most, room, state);                       \
    Converted(count, room, to, RACELAB_CALLER);                                                          \
    Filled(to != nullptr, from, RACELAB_CALLER);                                                         \
    Filled(true, state, RACELAB_CALLER);                                                                 \
    return count;                                                                                        \
  }
RACELAB_CONVERTS_SOME(mbsnrtowcs, wchar_t, char)
RACELAB_CONVERTS_SOME(wcsnrtombs, char, wchar_t)

// One character: the number of bytes is the result.
#define RACELAB_TO_BYTES(name, Character)                                             \
  RACELAB_STAND_IN(std::size_t, name, (char* to, Character from, mbstate_t* state)) { \
    const std::size_t bytes = RACELAB_LIBRARYS(name)(to, from, state);                \
    FilledBytes(bytes != SIZE_MAX, to, bytes, RACELAB_CALLER);                        \
    Filled(true, state, RACELAB_CALLER);                                              \
    return bytes;                                                                     \
  }
RACELAB_TO_BYTES(wcrtomb, wchar_t)
RACELAB_TO_BYTES(c16rtomb, char16_t)
RACELAB_TO_BYTES(c32rtomb, char32_t)
#define RACELAB_FROM_BYTES(name, Character)                                                                     \
  RACELAB_STAND_IN(std::size_t, name, (Character * to, const char* from, std::size_t most, mbstate_t* state)) { \
    const std::size_t bytes = RACELAB_LIBRARYS(name)(to, from, most, state);                                    \
    Filled(bytes <= most && from != nullptr, to, RACELAB_CALLER);                                               \
    Filled(true, state, RACELAB_CALLER);                                                                        \
    return bytes;                                                                                               \
  }
RACELAB_FROM_BYTES(mbrtoc16, char16_t)
RACELAB_FROM_BYTES(mbrtoc32, char32_t)
