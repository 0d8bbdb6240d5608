// Functions of the C library on a stream (FILE). Its buffer belongs to the library; reads and writes of the program's
// memory are accesses.

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "sanitizers/interleave/interceptors/library/accesses.h"
#include "sanitizers/interleave/model/stream.h"

using namespace racelab::interleave;

namespace racelab::interleave {
namespace {

// The step of a function that locks the stream. For standard output and error, it is no step: nothing here can judge
// the order of prints, and exploring it would multiply the interleavings.
void Uses(FILE* stream, const void* pc) {
  if (stream == nullptr || stream == stdout || stream == stderr || !Visible()) return;
  const std::uintptr_t address = Address(stream);
  const Lock* lock = execution.locks.Find(address);
  if (lock != nullptr && lock->owner == execution.current) return;  // No other thread can use it until it is unlocked.
  execution.Step(OnStream(address, pc));
  execution.Touch(address, pc);
}

// A function that does not lock the stream changes its pointers into the buffer, as the program's own inlined
// putc_unlocked() does.
void UsesUnlocked(FILE* stream, const void* pc) {
  if (stream != stdout && stream != stderr) Writes(&stream->_IO_write_ptr, sizeof stream->_IO_write_ptr, pc);
}

}  // namespace
}  // namespace racelab::interleave

RACELAB_STAND_IN(std::size_t, fwrite, (const void* from, std::size_t size, std::size_t count, FILE* stream)) {
  Uses(stream, RACELAB_CALLER);
  Reads(from, size * count, RACELAB_CALLER);
  return RACELAB_LIBRARYS(fwrite)(from, size, count, stream);
}
RACELAB_STAND_IN(std::size_t, fwrite_unlocked, (const void* from, std::size_t size, std::size_t count, FILE* stream)) {
  UsesUnlocked(stream, RACELAB_CALLER);
  Reads(from, size * count, RACELAB_CALLER);
  return RACELAB_LIBRARYS(fwrite_unlocked)(from, size, count, stream);
}
RACELAB_STAND_IN(std::size_t, fread, (void* to, std::size_t size, std::size_t count, FILE* stream)) {
  Uses(stream, RACELAB_CALLER);
  const std::size_t read = RACELAB_LIBRARYS(fread)(to, size, count, stream);
  Writes(to, size * read, RACELAB_CALLER);
  return read;
}
RACELAB_STAND_IN(std::size_t, fread_unlocked, (void* to, std::size_t size, std::size_t count, FILE* stream)) {
  UsesUnlocked(stream, RACELAB_CALLER);
  const std::size_t read = RACELAB_LIBRARYS(fread_unlocked)(to, size, count, stream);
  Writes(to, size * read, RACELAB_CALLER);
  return read;
}

#define RACELAB_GETS_LINE(name, uses)                                 \
  RACELAB_STAND_IN(char*, name, (char* to, int size, FILE* stream)) { \
    uses(stream, RACELAB_CALLER);                                     \
    char* read = RACELAB_LIBRARYS(name)(to, size, stream);            \
    FilledText(true, read, RACELAB_CALLER);                           \
    return read;                                                      \
  }
RACELAB_GETS_LINE(fgets, Uses)
RACELAB_GETS_LINE(fgets_unlocked, UsesUnlocked)

RACELAB_STAND_IN(wchar_t*, fgetws, (wchar_t * to, int room, FILE* stream)) {
  Uses(stream, RACELAB_CALLER);
  wchar_t* read = RACELAB_LIBRARYS(fgetws)(to, room, stream);
  if (read != nullptr && Noted()) {
    std::size_t length = 0;
    while (read[length] != L'\0') ++length;
    Writes(read, (length + 1) * sizeof *read, RACELAB_CALLER);
  }
  return read;
}

#define RACELAB_PUTS_LINE(name, uses)                             \
  RACELAB_STAND_IN(int, name, (const char* text, FILE* stream)) { \
    uses(stream, RACELAB_CALLER);                                 \
    ReadsText(text, RACELAB_CALLER);                              \
    return RACELAB_LIBRARYS(name)(text, stream);                  \
  }
RACELAB_PUTS_LINE(fputs, Uses)
RACELAB_PUTS_LINE(fputs_unlocked, UsesUnlocked)

RACELAB_STAND_IN(int, puts, (const char* text)) {
  ReadsText(text, RACELAB_CALLER);
  return RACELAB_LIBRARYS(puts)(text);
}

// Reads a line into a buffer that grows: its address and size are written, too.
#define RACELAB_GETS_WHOLE_LINE(name, parameters, arguments)                            \
  RACELAB_STAND_IN(ssize_t, name, parameters) {                                         \
    Uses(stream, RACELAB_CALLER);                                                       \
    const ssize_t length = RACELAB_LIBRARYS(name) arguments;                            \
    Filled(true, to, RACELAB_CALLER);                                                   \
    Filled(true, room, RACELAB_CALLER);                                                 \
    FilledBytes(length > 0, *to, static_cast<std::size_t>(length) + 1, RACELAB_CALLER); \
    return length;                                                                      \
  }
RACELAB_GETS_WHOLE_LINE(getdelim, (char** to, std::size_t* room, int last, FILE* stream), (to, room, last, stream))
RACELAB_GETS_WHOLE_LINE(getline, (char** to, std::size_t* room, FILE* stream), (to, room, stream))

// Functions that neither read nor write memory of the program.
#define RACELAB_STREAM(result, name, uses)          \
  RACELAB_STAND_IN(result, name, (FILE * stream)) { \
    uses(stream, RACELAB_CALLER);                   \
    return RACELAB_LIBRARYS(name)(stream);          \
  }
RACELAB_STREAM(int, fgetc, Uses)
RACELAB_STREAM(int, getc, Uses)
RACELAB_STREAM(int, _IO_getc, Uses)
RACELAB_STREAM(int, getw, Uses)
RACELAB_STREAM(int, fgetc_unlocked, UsesUnlocked)
RACELAB_STREAM(int, getc_unlocked, UsesUnlocked)
RACELAB_STREAM(int, fflush, Uses)
RACELAB_STREAM(int, fflush_unlocked, UsesUnlocked)
RACELAB_STREAM(int, feof, Uses)
RACELAB_STREAM(int, ferror, Uses)
RACELAB_STREAM(int, pclose, Uses)
RACELAB_STREAM(int, fclose, Uses)
RACELAB_STREAM(long, ftell, Uses)
RACELAB_STREAM(off_t, ftello, Uses)
RACELAB_STREAM(off64_t, ftello64, Uses)
RACELAB_STREAM(void, rewind, Uses)
RACELAB_STREAM(void, clearerr, Uses)
RACELAB_STREAM(wint_t, fgetwc, Uses)
RACELAB_STREAM(wint_t, getwc, Uses)

#define RACELAB_STREAM_TAKES(result, name, first, uses)          \
  RACELAB_STAND_IN(result, name, (first value, FILE * stream)) { \
    uses(stream, RACELAB_CALLER);                                \
    return RACELAB_LIBRARYS(name)(value, stream);                \
  }
RACELAB_STREAM_TAKES(int, fputc, int, Uses)
RACELAB_STREAM_TAKES(int, putc, int, Uses)
RACELAB_STREAM_TAKES(int, _IO_putc, int, Uses)
RACELAB_STREAM_TAKES(int, putw, int, Uses)
RACELAB_STREAM_TAKES(int, ungetc, int, Uses)
RACELAB_STREAM_TAKES(int, fputc_unlocked, int, UsesUnlocked)
RACELAB_STREAM_TAKES(int, putc_unlocked, int, UsesUnlocked)
RACELAB_STREAM_TAKES(wint_t, fputwc, wchar_t, Uses)
RACELAB_STREAM_TAKES(wint_t, putwc, wchar_t, Uses)
RACELAB_STREAM_TAKES(wint_t, ungetwc, wint_t, Uses)

#define RACELAB_SEEKS(name, offset)                                   \
  RACELAB_STAND_IN(int, name, (FILE * stream, offset to, int from)) { \
    Uses(stream, RACELAB_CALLER);                                     \
    return RACELAB_LIBRARYS(name)(stream, to, from);                  \
  }
RACELAB_SEEKS(fseek, long)
RACELAB_SEEKS(fseeko, off_t)
RACELAB_SEEKS(fseeko64, off64_t)

RACELAB_STAND_IN(int, fgetpos, (FILE * stream, fpos_t* to)) {
  Uses(stream, RACELAB_CALLER);
  Filled(true, to, RACELAB_CALLER);
  return RACELAB_LIBRARYS(fgetpos)(stream, to);
}
RACELAB_STAND_IN(int, fsetpos, (FILE * stream, const fpos_t* from)) {
  Uses(stream, RACELAB_CALLER);
  Reads(from, sizeof *from, RACELAB_CALLER);
  return RACELAB_LIBRARYS(fsetpos)(stream, from);
}
RACELAB_STAND_IN(int, setvbuf, (FILE * stream, char* buffer, int mode, std::size_t size)) {
  Uses(stream, RACELAB_CALLER);
  return RACELAB_LIBRARYS(setvbuf)(stream, buffer, mode, size);
}

// Characters from the standard input.
#define RACELAB_STANDARD_INPUT(result, name) \
  RACELAB_STAND_IN(result, name, ()) {       \
    Uses(stdin, RACELAB_CALLER);             \
    return RACELAB_LIBRARYS(name)();         \
  }
RACELAB_STANDARD_INPUT(int, getchar)
RACELAB_STANDARD_INPUT(wint_t, getwchar)

#define RACELAB_PRINTS_TO_STREAM(name, with_list, flag, given_flag)                               \
  RACELAB_STAND_IN(int, with_list, (FILE * stream flag, const char* format, va_list arguments)) { \
    Uses(stream, RACELAB_CALLER);                                                                 \
    ReadsFormatted(format, arguments, RACELAB_CALLER);                                            \
    return RACELAB_LIBRARYS(with_list)(stream given_flag, format, arguments);                     \
  }                                                                                               \
  RACELAB_STAND_IN(int, name, (FILE * stream flag, const char* format, ...)) {                    \
    va_list arguments;                                                                            \
    va_start(arguments, format);                                                                  \
    Uses(stream, RACELAB_CALLER);                                                                 \
    ReadsFormatted(format, arguments, RACELAB_CALLER);                                            \
    const int length = RACELAB_LIBRARYS(with_list)(stream given_flag, format, arguments);         \
    va_end(arguments);                                                                            \
    return length;                                                                                \
  }
#define RACELAB_FLAG , int fortify
#define RACELAB_GIVEN_FLAG , fortify
RACELAB_PRINTS_TO_STREAM(fprintf, vfprintf, , )
RACELAB_PRINTS_TO_STREAM(__fprintf_chk, __vfprintf_chk, RACELAB_FLAG, RACELAB_GIVEN_FLAG)

RACELAB_STAND_IN(int, vprintf, (const char* format, va_list arguments)) {
  ReadsFormatted(format, arguments, RACELAB_CALLER);
  return RACELAB_LIBRARYS(vprintf)(format, arguments);
}
RACELAB_STAND_IN(int, printf, (const char* format, ...)) {
  va_list arguments;
  va_start(arguments, format);
  ReadsFormatted(format, arguments, RACELAB_CALLER);
  const int length = RACELAB_LIBRARYS(vprintf)(format, arguments);
  va_end(arguments);
  return length;
}

namespace racelab::interleave {
namespace {

int ScanStream(FILE* stream, const char* format, va_list given, int (*scan)(FILE*, const char*, va_list),
               const void* pc) {
  Uses(stream, pc);
  ReadsText(format, pc);
  va_list copy;
  va_copy(copy, given);
  const int count = scan(stream, format, given);
  if (Noted()) WritesScanned(format, count, copy, pc);
  va_end(copy);
  return count;
}

}  // namespace
}  // namespace racelab::interleave

#define RACELAB_SCANS_STREAM(name, with_list, of_input, of_input_with_list)                               \
  RACELAB_STAND_IN(int, with_list, (FILE * stream, const char* format, va_list arguments)) {              \
    return ScanStream(stream, format, arguments, RACELAB_LIBRARYS(with_list), RACELAB_CALLER);            \
  }                                                                                                       \
  RACELAB_STAND_IN(int, name, (FILE * stream, const char* format, ...)) {                                 \
    va_list arguments;                                                                                    \
    va_start(arguments, format);                                                                          \
    const int count = ScanStream(stream, format, arguments, RACELAB_LIBRARYS(with_list), RACELAB_CALLER); \
    va_end(arguments);                                                                                    \
    return count;                                                                                         \
  }                                                                                                       \
  RACELAB_STAND_IN(int, of_input_with_list, (const char* format, va_list arguments)) {                    \
    return ScanStream(stdin, format, arguments, RACELAB_LIBRARYS(with_list), RACELAB_CALLER);             \
  }                                                                                                       \
  RACELAB_STAND_IN(int, of_input, (const char* format, ...)) {                                            \
    va_list arguments;                                                                                    \
    va_start(arguments, format);                                                                          \
    const int count = ScanStream(stdin, format, arguments, RACELAB_LIBRARYS(with_list), RACELAB_CALLER);  \
    va_end(arguments);                                                                                    \
    return count;                                                                                         \
  }
RACELAB_SCANS_STREAM(fscanf, vfscanf, scanf, vscanf)
RACELAB_SCANS_STREAM(__isoc99_fscanf, __isoc99_vfscanf, __isoc99_scanf, __isoc99_vscanf)
RACELAB_SCANS_STREAM(__isoc23_fscanf, __isoc23_vfscanf, __isoc23_scanf, __isoc23_vscanf)
