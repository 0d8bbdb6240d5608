// The targets of this runtime's own calls of functions that it intercepts: the linker replaces memcpy by __wrap_memcpy
// in all of its files (`--wrap`, sanitizers/CMakeLists.txt), including calls that the compiler generates from loops or
// assignments. Such calls are not accesses of the program, and may precede this library's initialisation.

#include <stdarg.h>

#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/interceptors/library/accesses.h"

namespace racelab::interleave {
namespace {

void* CopyUp(void* to, const void* from, std::size_t bytes) {
  void* result = to;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
  return result;
}

void* CopyEitherWay(void* to, const void* from, std::size_t bytes) {
  if (reinterpret_cast<std::uintptr_t>(to) - reinterpret_cast<std::uintptr_t>(from) >= bytes)
    return CopyUp(to, from, bytes);
  for (auto* target = static_cast<volatile char*>(to); bytes-- > 0;)
    target[bytes] = static_cast<const volatile char*>(from)[bytes];
  return to;
}

void* Fill(void* to, int value, std::size_t bytes) {
  void* result = to;
  __asm__ volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(value) : "memory");
  return result;
}

int Compare(const void* a, const void* b, std::size_t bytes) {
  const auto* left = static_cast<const volatile unsigned char*>(a);
  const auto* right = static_cast<const volatile unsigned char*>(b);
  for (std::size_t i = 0; i < bytes; ++i) {
    const int difference = left[i] - right[i];
    if (difference != 0) return difference;
  }
  return 0;
}

// These are called until the library's own function is known.
using Copy = void* (*)(void*, const void*, std::size_t);
Copy copy = CopyUp, copy_either_way = CopyEitherWay;
void* (*fill)(void*, int, std::size_t) = Fill;
int (*compare)(const void*, const void*, std::size_t) = Compare;

template <typename Function>
void Find(Function& function, const char* name) {
  if (void* found = dlsym(RTLD_NEXT, name)) function = reinterpret_cast<Function>(found);
}

[[gnu::constructor(101)]] void FindAll() {
  Find(copy, "memcpy");
  Find(copy_either_way, "memmove");
  Find(fill, "memset");
  Find(compare, "memcmp");
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

#define RACELAB_OWN_CALL(result, name, parameters)                                                              \
  extern "C" __attribute__((visibility("hidden"))) result OwnCallOf_##name parameters __asm__("__wrap_" #name); \
  result OwnCallOf_##name parameters

RACELAB_OWN_CALL(void*, memcpy, (void* to, const void* from, std::size_t bytes)) { return copy(to, from, bytes); }
RACELAB_OWN_CALL(void*, memmove, (void* to, const void* from, std::size_t bytes)) {
  return copy_either_way(to, from, bytes);
}
RACELAB_OWN_CALL(void*, memset, (void* to, int value, std::size_t bytes)) { return fill(to, value, bytes); }
RACELAB_OWN_CALL(int, memcmp, (const void* a, const void* b, std::size_t bytes)) { return compare(a, b, bytes); }
RACELAB_OWN_CALL(int, bcmp, (const void* a, const void* b, std::size_t bytes)) { return compare(a, b, bytes); }

// The runtime calls these rarely, so short versions suffice.
RACELAB_OWN_CALL(std::size_t, strlen, (const char* text)) {
  std::size_t length = 0;
  while (static_cast<const volatile char*>(text)[length] != '\0') ++length;
  return length;
}
RACELAB_OWN_CALL(int, strncmp, (const char* a, const char* b, std::size_t bytes)) {
  for (std::size_t i = 0; i < bytes; ++i) {
    const int difference = static_cast<unsigned char>(a[i]) - static_cast<unsigned char>(b[i]);
    if (difference != 0 || a[i] == '\0') return difference;
  }
  return 0;
}
RACELAB_OWN_CALL(int, strcmp, (const char* a, const char* b)) { return OwnCallOf_strncmp(a, b, SIZE_MAX); }
RACELAB_OWN_CALL(char*, strchrnul, (const char* text, int wanted)) {
  while (*text != '\0' && *text != static_cast<char>(wanted)) ++text;
  return const_cast<char*>(text);
}
RACELAB_OWN_CALL(char*, strchr, (const char* text, int wanted)) {
  char* found = OwnCallOf_strchrnul(text, wanted);
  return *found == static_cast<char>(wanted) ? found : nullptr;
}
RACELAB_OWN_CALL(char*, strrchr, (const char* text, int wanted)) {
  const char* found = nullptr;
  for (;; ++text) {
    if (*text == static_cast<char>(wanted)) found = text;
    if (*text == '\0') return const_cast<char*>(found);
  }
}
RACELAB_OWN_CALL(void*, memchr, (const void* memory, int wanted, std::size_t bytes)) {
  const auto* next = static_cast<const unsigned char*>(memory);
  for (; bytes-- > 0; ++next) {
    if (*next == static_cast<unsigned char>(wanted)) return const_cast<unsigned char*>(next);
  }
  return nullptr;
}

using Format = int (*)(char*, std::size_t, const char*, va_list);
RACELAB_OWN_CALL(int, vsnprintf, (char* to, std::size_t size, const char* format, va_list arguments)) {
  static Format real = nullptr;
  if (real == nullptr) Find(real, "vsnprintf");
  return real(to, size, format, arguments);  // NOLINT(clang-analyzer-core.CallAndMessage): Find() has found it.
}
RACELAB_OWN_CALL(int, snprintf, (char* to, std::size_t size, const char* format, ...)) {
  va_list arguments;
  va_start(arguments, format);
  const int length = OwnCallOf_vsnprintf(to, size, format, arguments);
  va_end(arguments);
  return length;
}

// Called by std::vector. The C++ library's own version would link in exceptions, and functions that this runtime
// intercepts.
extern "C" [[noreturn, gnu::visibility("hidden")]] void ThrowLengthError(const char* what) __asm__(
    "_ZSt20__throw_length_errorPKc");
void ThrowLengthError(const char* what) { Fatal("%s", what); }
