#ifndef RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_REAL_H_
#define RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_REAL_H_

#include <dlfcn.h>

// The C library's own function, which the interceptor of this name replaces. It is looked up once.
#define REAL(function)                                                                                \
  ([]() {                                                                                             \
    static decltype(&::function) real = nullptr;                                                      \
    if (real == nullptr) real = reinterpret_cast<decltype(&::function)>(dlsym(RTLD_NEXT, #function)); \
    return real;                                                                                      \
  }())

#endif  // RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_REAL_H_
