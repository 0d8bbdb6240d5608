#ifndef RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_LIBRARY_ACCESSES_H_
#define RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_LIBRARY_ACCESSES_H_

// For interceptors of library functions that touch the program's memory: what they read and write are accesses of the
// thread that calls them.
//
// These interceptors are compiled apart from the rest of the runtime (see sanitizers/CMakeLists.txt), whose own calls
// of memcpy() and the like lead elsewhere (own_calls.cc).

#include <dlfcn.h>
#include <stdarg.h>

#include "sanitizers/interleave/interceptors/interceptor.h"

// Defines what the program gets when it calls the library function `name`. The label keeps the definition from meeting
// the headers' own declaration, which for some has two overloads, and the compiler's knowledge of the function.
#define RACELAB_STAND_IN(result, name, parameters)                                                      \
  extern "C" __attribute__((visibility("default"))) result StandInFor_##name parameters __asm__(#name); \
  result StandInFor_##name parameters

// The function that the stand-in for `name` stands before.
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

// Looked up when the runtime is loaded, or by whoever calls it before: within an execution the loader must not be
// asked.
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

// Puts the functions of libraries that lead to a call at `pc` on the running thread's stack of instrumented functions,
// while an access is recorded: else the function of the program that called into the library would not be shown.
class LibraryFrames {
 public:
  explicit LibraryFrames(const void* pc);
  ~LibraryFrames() { execution.me().stack_depth -= pushed_; }
  LibraryFrames(const LibraryFrames&) = delete;
  LibraryFrames& operator=(const LibraryFrames&) = delete;

 private:
  int pushed_ = 0;
};

// The bytes of a text, with the zero at its end. (strlen() is one of the functions that are noted.)
inline std::size_t TextBytes(const char* text) {
  std::size_t length = 0;
  while (text[length] != '\0') ++length;
  return length + 1;
}

// Accesses to `bytes` at `address` by a library function that is called at `pc`, in the program or in another library.
void Reads(const volatile void* address, std::size_t bytes, const void* pc);
void Writes(const volatile void* address, std::size_t bytes, const void* pc);

// What printing by this format reads: the format and the texts among its arguments.
void ReadsFormatted(const char* format, va_list arguments, const void* pc);

// Whether accesses would be noted now; what an interceptor need not find out otherwise.
inline bool Noted() { return execution.live && execution.me().ignoring == 0 && execution.concurrent(); }

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_LIBRARY_ACCESSES_H_
