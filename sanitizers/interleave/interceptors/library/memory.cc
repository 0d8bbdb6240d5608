// The functions of <string.h> and <wchar.h> that access memory of a given length. (Code instrumented by clang calls
// __tsan_memcpy instead: access.cc.)

#include <wchar.h>

#include <algorithm>

#include "sanitizers/interleave/interceptors/library/accesses.h"

namespace racelab::interleave {
namespace {

constexpr std::size_t kMostAtOnce = 4096;

// Reading and writing may be separate steps, between which another thread changes the data.
void* Copy(void* to, const void* from, std::size_t bytes, const void* pc,
           void* (*copy)(void*, const void*, std::size_t)) {
  if (!Noted()) return copy(to, from, bytes);
  Reads(from, bytes, pc);
  if (bytes > kMostAtOnce || !execution.IsPromoted(Address(to), bytes)) {
    Writes(to, bytes, pc);
    return copy(to, from, bytes);
  }
  char read[kMostAtOnce];
  copy(read, from, bytes);
  Writes(to, bytes, pc);
  return copy(to, read, bytes);
}

// The number of bytes that a search reads if it stops at the first match.
std::size_t Through(const void* begin, const void* found, std::size_t size, std::size_t otherwise) {
  if (found == nullptr) return otherwise;
  return static_cast<std::size_t>(static_cast<const char*>(found) - static_cast<const char*>(begin)) + size;
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_STAND_IN(void*, memcpy, (void* to, const void* from, std::size_t bytes)) {
  return Copy(to, from, bytes, RACELAB_CALLER, RACELAB_LIBRARYS(memcpy));
}
RACELAB_STAND_IN(void*, memmove, (void* to, const void* from, std::size_t bytes)) {
  return Copy(to, from, bytes, RACELAB_CALLER, RACELAB_LIBRARYS(memmove));
}
RACELAB_STAND_IN(void*, mempcpy, (void* to, const void* from, std::size_t bytes)) {
  Copy(to, from, bytes, RACELAB_CALLER, RACELAB_LIBRARYS(memcpy));
  return static_cast<char*>(to) + bytes;
}
RACELAB_STAND_IN(void*, __mempcpy, (void* to, const void* from, std::size_t bytes)) {
  Copy(to, from, bytes, RACELAB_CALLER, RACELAB_LIBRARYS(memcpy));
  return static_cast<char*>(to) + bytes;
}
RACELAB_STAND_IN(void, bcopy, (const void* from, void* to, std::size_t bytes)) {
  Copy(to, from, bytes, RACELAB_CALLER, RACELAB_LIBRARYS(memmove));
}
RACELAB_STAND_IN(void*, memset, (void* to, int value, std::size_t bytes)) {
  Writes(to, bytes, RACELAB_CALLER);
  return RACELAB_LIBRARYS(memset)(to, value, bytes);
}
RACELAB_STAND_IN(void, bzero, (void* to, std::size_t bytes)) {
  Writes(to, bytes, RACELAB_CALLER);
  RACELAB_LIBRARYS(memset)(to, 0, bytes);
}
RACELAB_STAND_IN(void, explicit_bzero, (void* to, std::size_t bytes)) {
  Writes(to, bytes, RACELAB_CALLER);
  RACELAB_LIBRARYS(memset)(to, 0, bytes);
}
RACELAB_STAND_IN(void, swab, (const void* from, void* to, ssize_t bytes)) {
  if (bytes > 1) {
    Reads(from, static_cast<std::size_t>(bytes) & ~std::size_t{1}, RACELAB_CALLER);
    Writes(to, static_cast<std::size_t>(bytes) & ~std::size_t{1}, RACELAB_CALLER);
  }
  RACELAB_LIBRARYS(swab)(from, to, bytes);
}

// A comparison may read all of both, wherever the first difference is.
RACELAB_STAND_IN(int, memcmp, (const void* a, const void* b, std::size_t bytes)) {
  Reads(a, bytes, RACELAB_CALLER);
  Reads(b, bytes, RACELAB_CALLER);
  return RACELAB_LIBRARYS(memcmp)(a, b, bytes);
}
RACELAB_STAND_IN(int, bcmp, (const void* a, const void* b, std::size_t bytes)) {
  Reads(a, bytes, RACELAB_CALLER);
  Reads(b, bytes, RACELAB_CALLER);
  return RACELAB_LIBRARYS(memcmp)(a, b, bytes);
}

// A search reads up to its first match.
RACELAB_STAND_IN(void*, memchr, (const void* memory, int wanted, std::size_t bytes)) {
  if (Noted())
    Reads(memory, Through(memory, RACELAB_LIBRARYS(memchr)(memory, wanted, bytes), 1, bytes), RACELAB_CALLER);
  return RACELAB_LIBRARYS(memchr)(memory, wanted, bytes);
}
RACELAB_STAND_IN(void*, memrchr, (const void* memory, int wanted, std::size_t bytes)) {
  if (Noted()) {
    const auto* found = static_cast<const char*>(RACELAB_LIBRARYS(memrchr)(memory, wanted, bytes));
    const auto* end = static_cast<const char*>(memory) + bytes;
    if (found == nullptr) found = static_cast<const char*>(memory);
    Reads(found, static_cast<std::size_t>(end - found), RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(memrchr)(memory, wanted, bytes);
}
RACELAB_STAND_IN(void*, rawmemchr, (const void* memory, int wanted)) {
  if (Noted()) Reads(memory, Through(memory, RACELAB_LIBRARYS(rawmemchr)(memory, wanted), 1, 0), RACELAB_CALLER);
  return RACELAB_LIBRARYS(rawmemchr)(memory, wanted);
}
RACELAB_STAND_IN(void*, memmem, (const void* memory, std::size_t bytes, const void* wanted, std::size_t size)) {
  if (Noted()) {
    Reads(wanted, size, RACELAB_CALLER);
    Reads(memory, Through(memory, RACELAB_LIBRARYS(memmem)(memory, bytes, wanted, size), size, bytes), RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(memmem)(memory, bytes, wanted, size);
}

RACELAB_STAND_IN(void*, memccpy, (void* to, const void* from, int last, std::size_t bytes)) {
  if (Noted()) {
    const std::size_t copied = Through(from, RACELAB_LIBRARYS(memchr)(from, last, bytes), 1, bytes);
    Reads(from, copied, RACELAB_CALLER);
    Writes(to, copied, RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(memccpy)(to, from, last, bytes);
}

// A program that was compiled with _FORTIFY_SOURCE calls these. A `room` that is too small ends the program.
RACELAB_STAND_IN(void*, __memcpy_chk, (void* to, const void* from, std::size_t bytes, std::size_t room)) {
  if (bytes > room) return RACELAB_LIBRARYS(__memcpy_chk)(to, from, bytes, room);
  return Copy(to, from, bytes, RACELAB_CALLER, RACELAB_LIBRARYS(memcpy));
}
RACELAB_STAND_IN(void*, __memmove_chk, (void* to, const void* from, std::size_t bytes, std::size_t room)) {
  if (bytes > room) return RACELAB_LIBRARYS(__memmove_chk)(to, from, bytes, room);
  return Copy(to, from, bytes, RACELAB_CALLER, RACELAB_LIBRARYS(memmove));
}
RACELAB_STAND_IN(void*, __mempcpy_chk, (void* to, const void* from, std::size_t bytes, std::size_t room)) {
  if (bytes > room) return RACELAB_LIBRARYS(__mempcpy_chk)(to, from, bytes, room);
  Copy(to, from, bytes, RACELAB_CALLER, RACELAB_LIBRARYS(memcpy));
  return static_cast<char*>(to) + bytes;
}
RACELAB_STAND_IN(void*, __memset_chk, (void* to, int value, std::size_t bytes, std::size_t room)) {
  if (bytes <= room) Writes(to, bytes, RACELAB_CALLER);
  return RACELAB_LIBRARYS(__memset_chk)(to, value, bytes, room);
}
RACELAB_STAND_IN(void, __explicit_bzero_chk, (void* to, std::size_t bytes, std::size_t room)) {
  if (bytes <= room) Writes(to, bytes, RACELAB_CALLER);
  RACELAB_LIBRARYS(__explicit_bzero_chk)(to, bytes, room);
}

// The same for wide characters; lengths count characters.
RACELAB_STAND_IN(wchar_t*, wmemcpy, (wchar_t * to, const wchar_t* from, std::size_t count)) {
  return static_cast<wchar_t*>(Copy(to, from, count * sizeof *to, RACELAB_CALLER, RACELAB_LIBRARYS(memcpy)));
}
RACELAB_STAND_IN(wchar_t*, wmemmove, (wchar_t * to, const wchar_t* from, std::size_t count)) {
  return static_cast<wchar_t*>(Copy(to, from, count * sizeof *to, RACELAB_CALLER, RACELAB_LIBRARYS(memmove)));
}
RACELAB_STAND_IN(wchar_t*, wmempcpy, (wchar_t * to, const wchar_t* from, std::size_t count)) {
  Copy(to, from, count * sizeof *to, RACELAB_CALLER, RACELAB_LIBRARYS(memcpy));
  return to + count;
}
RACELAB_STAND_IN(wchar_t*, wmemset, (wchar_t * to, wchar_t value, std::size_t count)) {
  Writes(to, count * sizeof *to, RACELAB_CALLER);
  return RACELAB_LIBRARYS(wmemset)(to, value, count);
}
RACELAB_STAND_IN(int, wmemcmp, (const wchar_t* a, const wchar_t* b, std::size_t count)) {
  Reads(a, count * sizeof *a, RACELAB_CALLER);
  Reads(b, count * sizeof *b, RACELAB_CALLER);
  return RACELAB_LIBRARYS(wmemcmp)(a, b, count);
}
RACELAB_STAND_IN(wchar_t*, wmemchr, (const wchar_t* memory, wchar_t wanted, std::size_t count)) {
  if (Noted()) {
    const wchar_t* found = RACELAB_LIBRARYS(wmemchr)(memory, wanted, count);
    Reads(memory, Through(memory, found, sizeof *memory, count * sizeof *memory), RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(wmemchr)(memory, wanted, count);
}
