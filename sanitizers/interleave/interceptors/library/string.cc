// The functions of <string.h> on text that ends with a zero. Each reads as far as it must, and no further.

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

#include <algorithm>

#include "sanitizers/interleave/interceptors/library/accesses.h"

using namespace racelab::interleave;

RACELAB_STAND_IN(std::size_t, strlen, (const char* text)) {
  if (Noted()) Reads(text, RACELAB_LIBRARYS(strlen)(text) + 1, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strlen)(text);
}
RACELAB_STAND_IN(std::size_t, strnlen, (const char* text, std::size_t most)) {
  if (Noted()) Reads(text, std::min(RACELAB_LIBRARYS(strnlen)(text, most) + 1, most), RACELAB_CALLER);
  return RACELAB_LIBRARYS(strnlen)(text, most);
}

namespace racelab::interleave {
namespace {

std::size_t Length(const char* text) { return RACELAB_LIBRARYS(strlen)(text); }
std::size_t Length(const char* text, std::size_t most) { return RACELAB_LIBRARYS(strnlen)(text, most); }

void ReadsUpTo(const char* text, std::size_t most, const void* pc) {
  if (Noted()) Reads(text, std::min(Length(text, most) + 1, most), pc);
}

// Copies the text, including its end, to `to`.
void Copies(char* to, const char* from, const void* pc) {
  if (!Noted()) return;
  const std::size_t bytes = Length(from) + 1;
  Reads(from, bytes, pc);
  Writes(to, bytes, pc);
}
void Copies(char* to, const char* from, std::size_t most, const void* pc) {
  if (!Noted()) return;
  Reads(from, std::min(Length(from, most) + 1, most), pc);
  Writes(to, most, pc);  // The rest is filled with zeros.
}
void Appends(char* to, const char* from, std::size_t most, const void* pc) {
  if (!Noted()) return;
  const std::size_t before = Length(to), added = Length(from, most);
  Reads(to, before + 1, pc);
  Reads(from, added < most ? added + 1 : added, pc);
  Writes(to + before, added + 1, pc);
}

// Compares at most `most` characters, up to the first difference.
template <typename Equal>
void Compares(const char* a, const char* b, std::size_t most, Equal equal, const void* pc) {
  if (!Noted()) return;
  std::size_t seen = 0;
  while (seen < most && a[seen] != '\0' && equal(a[seen], b[seen])) ++seen;
  seen = std::min(seen + 1, most);
  Reads(a, seen, pc);
  Reads(b, seen, pc);
}
bool Same(char a, char b) { return a == b; }
bool SameLetter(char a, char b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; };
  return lower(a) == lower(b);
}

void SearchesUpTo(const char* text, const char* found, std::size_t size, const void* pc) {
  if (found == nullptr) return ReadsText(text, pc);
  Reads(text, static_cast<std::size_t>(found - text) + size, pc);
}

}  // namespace
}  // namespace racelab::interleave

RACELAB_STAND_IN(char*, strcpy, (char* to, const char* from)) {
  Copies(to, from, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strcpy)(to, from);
}
RACELAB_STAND_IN(char*, __strcpy_chk, (char* to, const char* from, std::size_t room)) {
  Copies(to, from, RACELAB_CALLER);
  return RACELAB_LIBRARYS(__strcpy_chk)(to, from, room);
}
RACELAB_STAND_IN(char*, stpcpy, (char* to, const char* from)) {
  Copies(to, from, RACELAB_CALLER);
  return RACELAB_LIBRARYS(stpcpy)(to, from);
}
RACELAB_STAND_IN(char*, __stpcpy_chk, (char* to, const char* from, std::size_t room)) {
  Copies(to, from, RACELAB_CALLER);
  return RACELAB_LIBRARYS(__stpcpy_chk)(to, from, room);
}
RACELAB_STAND_IN(char*, strncpy, (char* to, const char* from, std::size_t most)) {
  Copies(to, from, most, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strncpy)(to, from, most);
}
RACELAB_STAND_IN(char*, __strncpy_chk, (char* to, const char* from, std::size_t most, std::size_t room)) {
  Copies(to, from, most, RACELAB_CALLER);
  return RACELAB_LIBRARYS(__strncpy_chk)(to, from, most, room);
}
RACELAB_STAND_IN(char*, stpncpy, (char* to, const char* from, std::size_t most)) {
  Copies(to, from, most, RACELAB_CALLER);
  return RACELAB_LIBRARYS(stpncpy)(to, from, most);
}
RACELAB_STAND_IN(char*, strcat, (char* to, const char* from)) {
  Appends(to, from, SIZE_MAX, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strcat)(to, from);
}
RACELAB_STAND_IN(char*, __strcat_chk, (char* to, const char* from, std::size_t room)) {
  Appends(to, from, SIZE_MAX, RACELAB_CALLER);
  return RACELAB_LIBRARYS(__strcat_chk)(to, from, room);
}
RACELAB_STAND_IN(char*, strncat, (char* to, const char* from, std::size_t most)) {
  Appends(to, from, most, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strncat)(to, from, most);
}
RACELAB_STAND_IN(char*, __strncat_chk, (char* to, const char* from, std::size_t most, std::size_t room)) {
  Appends(to, from, most, RACELAB_CALLER);
  return RACELAB_LIBRARYS(__strncat_chk)(to, from, most, room);
}

RACELAB_STAND_IN(int, strcmp, (const char* a, const char* b)) {
  Compares(a, b, SIZE_MAX, Same, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strcmp)(a, b);
}
RACELAB_STAND_IN(int, strncmp, (const char* a, const char* b, std::size_t most)) {
  Compares(a, b, most, Same, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strncmp)(a, b, most);
}
RACELAB_STAND_IN(int, strcasecmp, (const char* a, const char* b)) {
  Compares(a, b, SIZE_MAX, SameLetter, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strcasecmp)(a, b);
}
RACELAB_STAND_IN(int, strncasecmp, (const char* a, const char* b, std::size_t most)) {
  Compares(a, b, most, SameLetter, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strncasecmp)(a, b, most);
}
RACELAB_STAND_IN(int, strcoll, (const char* a, const char* b)) {
  ReadsText(a, RACELAB_CALLER);
  ReadsText(b, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strcoll)(a, b);
}
RACELAB_STAND_IN(std::size_t, strxfrm, (char* to, const char* from, std::size_t most)) {
  ReadsText(from, RACELAB_CALLER);
  if (Noted()) Writes(to, std::min(RACELAB_LIBRARYS(strxfrm)(nullptr, from, 0) + 1, most), RACELAB_CALLER);
  return RACELAB_LIBRARYS(strxfrm)(to, from, most);
}

RACELAB_STAND_IN(char*, strchr, (const char* text, int wanted)) {
  if (Noted()) SearchesUpTo(text, RACELAB_LIBRARYS(strchr)(text, wanted), 1, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strchr)(text, wanted);
}
RACELAB_STAND_IN(char*, index, (const char* text, int wanted)) {
  if (Noted()) SearchesUpTo(text, RACELAB_LIBRARYS(strchr)(text, wanted), 1, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strchr)(text, wanted);
}
RACELAB_STAND_IN(char*, strchrnul, (const char* text, int wanted)) {
  if (Noted()) SearchesUpTo(text, RACELAB_LIBRARYS(strchrnul)(text, wanted), 1, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strchrnul)(text, wanted);
}
RACELAB_STAND_IN(char*, strrchr, (const char* text, int wanted)) {
  ReadsText(text, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strrchr)(text, wanted);
}
RACELAB_STAND_IN(char*, rindex, (const char* text, int wanted)) {
  ReadsText(text, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strrchr)(text, wanted);
}
RACELAB_STAND_IN(char*, strstr, (const char* text, const char* wanted)) {
  if (Noted()) {
    ReadsText(wanted, RACELAB_CALLER);
    SearchesUpTo(text, RACELAB_LIBRARYS(strstr)(text, wanted), Length(wanted), RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(strstr)(text, wanted);
}
RACELAB_STAND_IN(char*, strcasestr, (const char* text, const char* wanted)) {
  if (Noted()) {
    ReadsText(wanted, RACELAB_CALLER);
    SearchesUpTo(text, RACELAB_LIBRARYS(strcasestr)(text, wanted), Length(wanted), RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(strcasestr)(text, wanted);
}
RACELAB_STAND_IN(std::size_t, strspn, (const char* text, const char* set)) {
  if (Noted()) {
    ReadsText(set, RACELAB_CALLER);
    Reads(text, RACELAB_LIBRARYS(strspn)(text, set) + 1, RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(strspn)(text, set);
}
RACELAB_STAND_IN(std::size_t, strcspn, (const char* text, const char* set)) {
  if (Noted()) {
    ReadsText(set, RACELAB_CALLER);
    Reads(text, RACELAB_LIBRARYS(strcspn)(text, set) + 1, RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(strcspn)(text, set);
}
RACELAB_STAND_IN(char*, strpbrk, (const char* text, const char* set)) {
  if (Noted()) {
    ReadsText(set, RACELAB_CALLER);
    Reads(text, RACELAB_LIBRARYS(strcspn)(text, set) + 1, RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(strpbrk)(text, set);
}

namespace racelab::interleave {
namespace {

// Takes a word from `text`, and ends it with a zero unless there is one already.
void TakesWord(const char* text, const char* separators, bool skips, const void* pc) {
  if (!Noted() || text == nullptr) return;
  ReadsText(separators, pc);
  const std::size_t skipped = skips ? RACELAB_LIBRARYS(strspn)(text, separators) : 0;
  const std::size_t word = RACELAB_LIBRARYS(strcspn)(text + skipped, separators);
  Reads(text, skipped + word + 1, pc);
  if (text[skipped + word] != '\0') Writes(text + skipped + word, 1, pc);
}

}  // namespace
}  // namespace racelab::interleave

RACELAB_STAND_IN(char*, strtok_r, (char* text, const char* separators, char** rest)) {
  if (text == nullptr) Reads(rest, sizeof *rest, RACELAB_CALLER);
  TakesWord(text != nullptr ? text : *rest, separators, true, RACELAB_CALLER);
  Writes(rest, sizeof *rest, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strtok_r)(text, separators, rest);
}
RACELAB_STAND_IN(char*, __strtok_r, (char* text, const char* separators, char** rest)) {
  if (text == nullptr) Reads(rest, sizeof *rest, RACELAB_CALLER);
  TakesWord(text != nullptr ? text : *rest, separators, true, RACELAB_CALLER);
  Writes(rest, sizeof *rest, RACELAB_CALLER);
  return RACELAB_LIBRARYS(__strtok_r)(text, separators, rest);
}
RACELAB_STAND_IN(char*, strsep, (char** text, const char* separators)) {
  Reads(text, sizeof *text, RACELAB_CALLER);
  TakesWord(*text, separators, false, RACELAB_CALLER);
  if (*text != nullptr) Writes(text, sizeof *text, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strsep)(text, separators);
}

// The copy is a new block, which counts as written when it is allocated.
RACELAB_STAND_IN(char*, strdup, (const char* text)) {
  ReadsText(text, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strdup)(text);
}
RACELAB_STAND_IN(char*, __strdup, (const char* text)) {
  ReadsText(text, RACELAB_CALLER);
  return RACELAB_LIBRARYS(__strdup)(text);
}
RACELAB_STAND_IN(char*, strndup, (const char* text, std::size_t most)) {
  ReadsUpTo(text, most, RACELAB_CALLER);
  return RACELAB_LIBRARYS(strndup)(text, most);
}
RACELAB_STAND_IN(char*, __strndup, (const char* text, std::size_t most)) {
  ReadsUpTo(text, most, RACELAB_CALLER);
  return RACELAB_LIBRARYS(__strndup)(text, most);
}

// Wide text.
RACELAB_STAND_IN(std::size_t, wcslen, (const wchar_t* text)) {
  if (Noted()) Reads(text, (RACELAB_LIBRARYS(wcslen)(text) + 1) * sizeof *text, RACELAB_CALLER);
  return RACELAB_LIBRARYS(wcslen)(text);
}
RACELAB_STAND_IN(wchar_t*, wcscpy, (wchar_t * to, const wchar_t* from)) {
  if (Noted()) {
    const std::size_t bytes = (RACELAB_LIBRARYS(wcslen)(from) + 1) * sizeof *to;
    Reads(from, bytes, RACELAB_CALLER);
    Writes(to, bytes, RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(wcscpy)(to, from);
}
RACELAB_STAND_IN(wchar_t*, wcscat, (wchar_t * to, const wchar_t* from)) {
  if (Noted()) {
    const std::size_t before = RACELAB_LIBRARYS(wcslen)(to), added = RACELAB_LIBRARYS(wcslen)(from) + 1;
    Reads(to, (before + 1) * sizeof *to, RACELAB_CALLER);
    Reads(from, added * sizeof *to, RACELAB_CALLER);
    Writes(to + before, added * sizeof *to, RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(wcscat)(to, from);
}
RACELAB_STAND_IN(int, wcscmp, (const wchar_t* a, const wchar_t* b)) {
  if (Noted()) {
    std::size_t seen = 0;
    while (a[seen] != L'\0' && a[seen] == b[seen]) ++seen;
    Reads(a, (seen + 1) * sizeof *a, RACELAB_CALLER);
    Reads(b, (seen + 1) * sizeof *b, RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(wcscmp)(a, b);
}
RACELAB_STAND_IN(wchar_t*, wcschr, (const wchar_t* text, wchar_t wanted)) {
  if (Noted()) {
    const wchar_t* found = RACELAB_LIBRARYS(wcschr)(text, wanted);
    const std::size_t seen = found != nullptr ? static_cast<std::size_t>(found - text) : RACELAB_LIBRARYS(wcslen)(text);
    Reads(text, (seen + 1) * sizeof *text, RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(wcschr)(text, wanted);
}

// Writes to the caller's buffer only if the library has no text for the number.
RACELAB_STAND_IN(char*, strerror_r, (int number, char* to, std::size_t size)) {
  char* text = RACELAB_LIBRARYS(strerror_r)(number, to, size);
  if (Noted() && text == to && size != 0) Writes(to, Length(to) + 1, RACELAB_CALLER);
  return text;
}
RACELAB_STAND_IN(int, __xpg_strerror_r, (int number, char* to, std::size_t size)) {
  const int result = RACELAB_LIBRARYS(__xpg_strerror_r)(number, to, size);
  if (Noted() && size != 0) Writes(to, Length(to) + 1, RACELAB_CALLER);
  return result;
}

// The C library keeps these texts for each thread, on the heap, where its own pointers to them would outlive an
// execution.
namespace racelab::interleave {
namespace {
constexpr std::size_t kText = 64;
char texts[kMaxThreads][2][kText];
char* TextOfOneThread(int which) { return texts[execution.current][which]; }
}  // namespace
}  // namespace racelab::interleave
RACELAB_STAND_IN(char*, strerror, (int number)) {
  if (!Live()) return RACELAB_LIBRARYS(strerror)(number);
  return RACELAB_LIBRARYS(strerror_r)(number, TextOfOneThread(0), kText);
}
RACELAB_STAND_IN(char*, strsignal, (int number)) {
  const bool has_name = number > 0 && number < NSIG && sigdescr_np(number) != nullptr;
  if (!Live() || has_name) return RACELAB_LIBRARYS(strsignal)(number);
  char* text = TextOfOneThread(1);
  if (number >= SIGRTMIN && number <= SIGRTMAX) {
    snprintf(text, kText, "Real-time signal %d", number - SIGRTMIN);
  } else {
    snprintf(text, kText, "Unknown signal %d", number);
  }
  return text;
}
