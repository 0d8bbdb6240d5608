// The floating-point environment, <fenv.h>. Each thread has its own; the x87's part of it is kept for each thread from
// the first call of one of these functions on.

#include <fenv.h>

#include "sanitizers/interleave/fibre.h"
#include "sanitizers/interleave/interceptors/library/accesses.h"

using namespace racelab::interleave;

namespace {

// The first call may find what other threads have left in the x87: then this execution proves nothing.
void NeedX87() {
  if (keeps_x87) return;
  keeps_x87 = true;
  if (execution.live && execution.count() > 1) execution.RunAgain();
}

}  // namespace

#define RACELAB_OF_X87(name, parameters, arguments) \
  RACELAB_STAND_IN(int, name, parameters) {         \
    NeedX87();                                      \
    return RACELAB_LIBRARYS(name) arguments;        \
  }
RACELAB_OF_X87(feclearexcept, (int exceptions), (exceptions))
RACELAB_OF_X87(feraiseexcept, (int exceptions), (exceptions))
RACELAB_OF_X87(fetestexcept, (int exceptions), (exceptions))
RACELAB_OF_X87(fesetexcept, (int exceptions), (exceptions))
RACELAB_OF_X87(feenableexcept, (int exceptions), (exceptions))
RACELAB_OF_X87(fedisableexcept, (int exceptions), (exceptions))
RACELAB_OF_X87(fegetexcept, (), ())
RACELAB_OF_X87(fegetround, (), ())
RACELAB_OF_X87(fesetround, (int mode), (mode))

#define RACELAB_FILLS(name, parameters, arguments) \
  RACELAB_STAND_IN(int, name, parameters) {        \
    NeedX87();                                     \
    Filled(true, object, RACELAB_CALLER);          \
    return RACELAB_LIBRARYS(name) arguments;       \
  }
RACELAB_FILLS(fegetenv, (fenv_t * object), (object))
RACELAB_FILLS(feholdexcept, (fenv_t * object), (object))
RACELAB_FILLS(fegetexceptflag, (fexcept_t * object, int which), (object, which))
RACELAB_FILLS(fegetmode, (femode_t * object), (object))

// FE_DFL_ENV is no address.
#define RACELAB_READS_OBJECT(name, parameters, arguments)                                                           \
  RACELAB_STAND_IN(int, name, parameters) {                                                                         \
    NeedX87();                                                                                                      \
    if (reinterpret_cast<std::uintptr_t>(object) < UINTPTR_MAX - 16) Reads(object, sizeof *object, RACELAB_CALLER); \
    return RACELAB_LIBRARYS(name) arguments;                                                                        \
  }
RACELAB_READS_OBJECT(fesetenv, (const fenv_t* object), (object))
RACELAB_READS_OBJECT(feupdateenv, (const fenv_t* object), (object))
RACELAB_READS_OBJECT(fesetexceptflag, (const fexcept_t* object, int which), (object, which))
RACELAB_READS_OBJECT(fesetmode, (const femode_t* object), (object))
