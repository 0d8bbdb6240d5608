// Functions that read data for a file, or that write data from a file or the results of a computation. (A stream itself
// has a lock, and its buffer belongs to the library.)

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sanitizers/interleave/interceptors/library/accesses.h"

using namespace racelab::interleave;

namespace racelab::interleave {
namespace {

void ReadsText(const char* text, const void* pc) {
  if (text != nullptr && Noted()) Reads(text, TextBytes(text), pc);
}

}  // namespace
}  // namespace racelab::interleave

RACELAB_STAND_IN(std::size_t, fwrite, (const void* from, std::size_t size, std::size_t count, FILE* file)) {
  Reads(from, size * count, RACELAB_CALLER);
  return RACELAB_LIBRARYS(fwrite)(from, size, count, file);
}
RACELAB_STAND_IN(std::size_t, fread, (void* to, std::size_t size, std::size_t count, FILE* file)) {
  const std::size_t read = RACELAB_LIBRARYS(fread)(to, size, count, file);
  Writes(to, size * read, RACELAB_CALLER);
  return read;
}
RACELAB_STAND_IN(char*, fgets, (char* to, int size, FILE* file)) {
  char* read = RACELAB_LIBRARYS(fgets)(to, size, file);
  if (read != nullptr && Noted()) Writes(to, TextBytes(to), RACELAB_CALLER);
  return read;
}
RACELAB_STAND_IN(int, fputs, (const char* text, FILE* file)) {
  ReadsText(text, RACELAB_CALLER);
  return RACELAB_LIBRARYS(fputs)(text, file);
}
RACELAB_STAND_IN(int, puts, (const char* text)) {
  ReadsText(text, RACELAB_CALLER);
  return RACELAB_LIBRARYS(puts)(text);
}

RACELAB_STAND_IN(int, vfprintf, (FILE * file, const char* format, va_list arguments)) {
  ReadsFormatted(format, arguments, RACELAB_CALLER);
  return RACELAB_LIBRARYS(vfprintf)(file, format, arguments);
}
RACELAB_STAND_IN(int, vprintf, (const char* format, va_list arguments)) {
  ReadsFormatted(format, arguments, RACELAB_CALLER);
  return RACELAB_LIBRARYS(vprintf)(format, arguments);
}
RACELAB_STAND_IN(int, fprintf, (FILE * file, const char* format, ...)) {
  va_list arguments;
  va_start(arguments, format);
  ReadsFormatted(format, arguments, RACELAB_CALLER);
  const int length = RACELAB_LIBRARYS(vfprintf)(file, format, arguments);
  va_end(arguments);
  return length;
}
RACELAB_STAND_IN(int, printf, (const char* format, ...)) {
  va_list arguments;
  va_start(arguments, format);
  ReadsFormatted(format, arguments, RACELAB_CALLER);
  const int length = RACELAB_LIBRARYS(vprintf)(format, arguments);
  va_end(arguments);
  return length;
}

// Functions with a second result.
#define RACELAB_WRITES_SECOND(type, name, second)           \
  RACELAB_STAND_IN(type, name, (type value, second * to)) { \
    Writes(to, sizeof *to, RACELAB_CALLER);                 \
    return RACELAB_LIBRARYS(name)(value, to);               \
  }
RACELAB_WRITES_SECOND(float, frexpf, int)
RACELAB_WRITES_SECOND(double, frexp, int)
RACELAB_WRITES_SECOND(long double, frexpl, int)
RACELAB_WRITES_SECOND(float, modff, float)
RACELAB_WRITES_SECOND(double, modf, double)
RACELAB_WRITES_SECOND(long double, modfl, long double)

RACELAB_STAND_IN(char*, strptime, (const char* text, const char* format, tm* to)) {
  ReadsText(text, RACELAB_CALLER);
  ReadsText(format, RACELAB_CALLER);
  Writes(to, sizeof *to, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strptime)(text, format, to);
}
