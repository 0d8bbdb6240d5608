#ifndef RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_LIBRARY_ACCESSES_H_
#define RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_LIBRARY_ACCESSES_H_

// For interceptors of library functions that access the program's memory: these accesses count as the calling thread's.
//
// These interceptors are compiled apart from the rest of the runtime (see sanitizers/CMakeLists.txt), whose own calls
// of memcpy() and the like are redirected (own_calls.cc).

#include <dlfcn.h>
#include <stdarg.h>

#include "sanitizers/interleave/interceptors/interceptor.h"

// Defines the function that the program gets when it calls the library function `name`. The label avoids conflicts with
// the headers' own declarations, some of which have two overloads, and with the compiler's built-in knowledge of the
// function.
#define RACELAB_STAND_IN(result, name, parameters)                                                      \
  extern "C" __attribute__((visibility("default"))) result StandInFor_##name parameters __asm__(#name); \
  result StandInFor_##name parameters

// The library's own function, which the stand-in for `name` replaces.
#define RACELAB_LIBRARYS(name)                                          \
  (::racelab::interleave::LibraryFunction<decltype(&StandInFor_##name), \
                                          ::racelab::interleave::TextArgument(#name)>::Get())

namespace racelab::interleave {

template <std::size_t n>
struct TextArgument {
  char characters[n] = {};
  constexpr TextArgument(const char (&text)[n]) {  // NOLINT: a literal is meant.
    for (std::size_t i = 0; i < n; ++i) characters[i] = text[i];
  }
};

// Looked up when the runtime is loaded, or by the first call before that: within an execution, the loader must not be
// called.
template <typename Function, TextArgument name>
class LibraryFunction {
 public:
  static Function Get() {
    (void)&early_;
    if (function_ == nullptr) function_ = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name.characters));
    return function_;
  }

 private:
  struct Early {
    Early() { Get(); }
  };
  static inline Function function_ = nullptr;
  static inline Early early_;
};

// While an access is recorded, adds the library's frames between a call at `pc` and the program to the running thread's
// stack of instrumented functions. Otherwise, the program's function that called the library would not be shown.
class LibraryFrames {
 public:
  explicit LibraryFrames(const void* pc);
  ~LibraryFrames() { execution.me().stack_depth -= pushed_; }
  LibraryFrames(const LibraryFrames&) = delete;
  LibraryFrames& operator=(const LibraryFrames&) = delete;

 private:
  int pushed_ = 0;
};

// The size of a text, including the zero at its end. (strlen() itself is intercepted.)
inline std::size_t TextBytes(const char* text) {
  std::size_t length = 0;
  while (text[length] != '\0') ++length;
  return length + 1;
}

// Accesses to `bytes` bytes at `address` by a library function that is called at `pc`, in the program or in another
// library.
void Reads(const volatile void* address, std::size_t bytes, const void* pc);
void Writes(const volatile void* address, std::size_t bytes, const void* pc);

// Reads a text, if there is one, including the zero at its end.
void ReadsText(const char* text, const void* pc);

// The reads of a printing function: the format, and the texts among its arguments.
void ReadsFormatted(const char* format, va_list arguments, const void* pc);
// The writes of the first `count` conversions of a scanf() with these arguments.
void WritesScanned(const char* format, int count, va_list arguments, const void* pc);

// Whether accesses are recorded now. If not, an interceptor need not compute them.
inline bool Noted() { return execution.live && execution.me().ignoring == 0 && execution.concurrent(); }

// Records that a function has written `to` if it was successful and `to` is not null.
template <typename T>
void Filled(bool done, T* to, const void* pc) {
  if (done && to != nullptr) Writes(to, sizeof *to, pc);
}
inline void FilledBytes(bool done, void* to, std::size_t bytes, const void* pc) {
  if (done && to != nullptr && bytes != 0) Writes(to, bytes, pc);
}
inline void FilledText(bool done, char* to, const void* pc) {
  if (done && to != nullptr && Noted()) Writes(to, TextBytes(to), pc);
}

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_LIBRARY_ACCESSES_H_
