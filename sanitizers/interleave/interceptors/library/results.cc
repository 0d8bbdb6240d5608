// Functions that write the results of a computation.

#include <glob.h>
#include <regex.h>
#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sanitizers/interleave/interceptors/library/accesses.h"

using namespace racelab::interleave;

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

#define RACELAB_WRITES_QUOTIENT(type, name)                 \
  RACELAB_STAND_IN(type, name, (type a, type b, int* to)) { \
    Writes(to, sizeof *to, RACELAB_CALLER);                 \
    return RACELAB_LIBRARYS(name)(a, b, to);                \
  }
RACELAB_WRITES_QUOTIENT(float, remquof)
RACELAB_WRITES_QUOTIENT(double, remquo)
RACELAB_WRITES_QUOTIENT(long double, remquol)
#define RACELAB_WRITES_BOTH(type, name)                                     \
  RACELAB_STAND_IN(void, name, (type value, type * first, type * second)) { \
    Writes(first, sizeof *first, RACELAB_CALLER);                           \
    Writes(second, sizeof *second, RACELAB_CALLER);                         \
    RACELAB_LIBRARYS(name)(value, first, second);                           \
  }
RACELAB_WRITES_BOTH(float, sincosf)
RACELAB_WRITES_BOTH(double, sincos)
RACELAB_WRITES_BOTH(long double, sincosl)
RACELAB_WRITES_SECOND(float, lgammaf_r, int)
RACELAB_WRITES_SECOND(double, lgamma_r, int)
RACELAB_WRITES_SECOND(long double, lgammal_r, int)

// Random numbers from the caller's state.
#define RACELAB_DRAWS(type, name)                         \
  RACELAB_STAND_IN(type, name, (unsigned short* state)) { \
    Writes(state, 3 * sizeof *state, RACELAB_CALLER);     \
    return RACELAB_LIBRARYS(name)(state);                 \
  }
RACELAB_DRAWS(double, erand48)
RACELAB_DRAWS(long, nrand48)
RACELAB_DRAWS(long, jrand48)
#define RACELAB_DRAWS_TO(name, State, Result)                        \
  RACELAB_STAND_IN(int, name, (struct State * state, Result * to)) { \
    Writes(state, sizeof *state, RACELAB_CALLER);                    \
    Writes(to, sizeof *to, RACELAB_CALLER);                          \
    return RACELAB_LIBRARYS(name)(state, to);                        \
  }
RACELAB_DRAWS_TO(drand48_r, drand48_data, double)
RACELAB_DRAWS_TO(lrand48_r, drand48_data, long)
RACELAB_DRAWS_TO(mrand48_r, drand48_data, long)
RACELAB_DRAWS_TO(random_r, random_data, int32_t)

#define RACELAB_WRITES_DIGITS(name)                                                                            \
  RACELAB_STAND_IN(int, name, (double value, int digits, int* point, int* sign, char* to, std::size_t room)) { \
    const int result = RACELAB_LIBRARYS(name)(value, digits, point, sign, to, room);                           \
    Filled(true, point, RACELAB_CALLER);                                                                       \
    Filled(true, sign, RACELAB_CALLER);                                                                        \
    FilledText(result == 0, to, RACELAB_CALLER);                                                               \
    return result;                                                                                             \
  }
RACELAB_WRITES_DIGITS(ecvt_r)
RACELAB_WRITES_DIGITS(fcvt_r)
RACELAB_STAND_IN(char*, gcvt, (double value, int digits, char* to)) {
  RACELAB_LIBRARYS(gcvt)(value, digits, to);
  FilledText(true, to, RACELAB_CALLER);
  return to;
}
RACELAB_STAND_IN(void*, memfrob, (void* to, std::size_t bytes)) {
  Writes(to, bytes, RACELAB_CALLER);
  return RACELAB_LIBRARYS(memfrob)(to, bytes);
}
RACELAB_STAND_IN(int, getsubopt, (char** options, char* const* names, char** value)) {
  Writes(options, sizeof *options, RACELAB_CALLER);
  Writes(value, sizeof *value, RACELAB_CALLER);
  return RACELAB_LIBRARYS(getsubopt)(options, names, value);
}

// Regular expressions: any number of threads may use one that has been compiled.
RACELAB_STAND_IN(int, regcomp, (regex_t * regex, const char* pattern, int flags)) {
  ReadsText(pattern, RACELAB_CALLER);
  Writes(regex, sizeof *regex, RACELAB_CALLER);
  return RACELAB_LIBRARYS(regcomp)(regex, pattern, flags);
}
RACELAB_STAND_IN(int, regexec, (const regex_t* regex, const char* text, std::size_t most, regmatch_t* to, int flags)) {
  Reads(regex, sizeof *regex, RACELAB_CALLER);
  const int result = RACELAB_LIBRARYS(regexec)(regex, text, most, to, flags);
  FilledBytes(result == 0, to, most * sizeof *to, RACELAB_CALLER);
  return result;
}
RACELAB_STAND_IN(void, regfree, (regex_t * regex)) {
  Writes(regex, sizeof *regex, RACELAB_CALLER);
  RACELAB_LIBRARYS(regfree)(regex);
}

RACELAB_STAND_IN(int, glob, (const char* pattern, int flags, int (*on_error)(const char*, int), glob_t* to)) {
  Writes(to, sizeof *to, RACELAB_CALLER);
  return RACELAB_LIBRARYS(glob)(pattern, flags, on_error, to);
}
RACELAB_STAND_IN(void, globfree, (glob_t * to)) {
  Writes(to, sizeof *to, RACELAB_CALLER);
  RACELAB_LIBRARYS(globfree)(to);
}

// Search trees, which even a successful search may rebalance; and tables.
RACELAB_STAND_IN(void*, tsearch, (const void* key, void** root, __compar_fn_t compare)) {
  Writes(root, sizeof *root, RACELAB_CALLER);
  return RACELAB_LIBRARYS(tsearch)(key, root, compare);
}
RACELAB_STAND_IN(void*, tfind, (const void* key, void* const* root, __compar_fn_t compare)) {
  Reads(root, sizeof *root, RACELAB_CALLER);
  return RACELAB_LIBRARYS(tfind)(key, root, compare);
}
RACELAB_STAND_IN(void*, tdelete, (const void* key, void** root, __compar_fn_t compare)) {
  Writes(root, sizeof *root, RACELAB_CALLER);
  return RACELAB_LIBRARYS(tdelete)(key, root, compare);
}
RACELAB_STAND_IN(void*, lsearch,
                 (const void* key, void* table, std::size_t* count, std::size_t size, __compar_fn_t compare)) {
  Reads(count, sizeof *count, RACELAB_CALLER);
  const std::size_t before = *count;
  void* element = RACELAB_LIBRARYS(lsearch)(key, table, count, size, compare);
  if (*count == before) return element;
  Writes(count, sizeof *count, RACELAB_CALLER);
  Writes(element, size, RACELAB_CALLER);
  return element;
}
