// Functions that write the results of a computation.

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
