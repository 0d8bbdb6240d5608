// Plain objects that the C library's functions fill and change: attributes, signal sets.

#include <pthread.h>
#include <signal.h>

#include "sanitizers/interleave/interceptors/library/accesses.h"

using namespace racelab::interleave;

#define RACELAB_CHANGES(name, parameters, arguments) \
  RACELAB_STAND_IN(int, name, parameters) {          \
    Filled(true, object, RACELAB_CALLER);            \
    return RACELAB_LIBRARYS(name) arguments;         \
  }
RACELAB_CHANGES(pthread_attr_init, (pthread_attr_t * object), (object))
RACELAB_CHANGES(pthread_attr_destroy, (pthread_attr_t * object), (object))
RACELAB_CHANGES(pthread_attr_setdetachstate, (pthread_attr_t * object, int value), (object, value))
RACELAB_CHANGES(pthread_attr_setstacksize, (pthread_attr_t * object, std::size_t value), (object, value))
RACELAB_CHANGES(pthread_attr_setguardsize, (pthread_attr_t * object, std::size_t value), (object, value))
RACELAB_CHANGES(pthread_mutexattr_init, (pthread_mutexattr_t * object), (object))
RACELAB_CHANGES(pthread_mutexattr_destroy, (pthread_mutexattr_t * object), (object))
RACELAB_CHANGES(pthread_mutexattr_settype, (pthread_mutexattr_t * object, int value), (object, value))
RACELAB_CHANGES(pthread_mutexattr_setpshared, (pthread_mutexattr_t * object, int value), (object, value))
RACELAB_CHANGES(pthread_mutexattr_setrobust, (pthread_mutexattr_t * object, int value), (object, value))
RACELAB_CHANGES(pthread_mutexattr_setprotocol, (pthread_mutexattr_t * object, int value), (object, value))
RACELAB_CHANGES(pthread_condattr_init, (pthread_condattr_t * object), (object))
RACELAB_CHANGES(pthread_condattr_destroy, (pthread_condattr_t * object), (object))
RACELAB_CHANGES(pthread_condattr_setclock, (pthread_condattr_t * object, clockid_t value), (object, value))
RACELAB_CHANGES(pthread_condattr_setpshared, (pthread_condattr_t * object, int value), (object, value))
RACELAB_CHANGES(pthread_rwlockattr_init, (pthread_rwlockattr_t * object), (object))
RACELAB_CHANGES(pthread_rwlockattr_destroy, (pthread_rwlockattr_t * object), (object))
RACELAB_CHANGES(pthread_rwlockattr_setkind_np, (pthread_rwlockattr_t * object, int value), (object, value))
RACELAB_CHANGES(pthread_barrierattr_init, (pthread_barrierattr_t * object), (object))
RACELAB_CHANGES(pthread_barrierattr_destroy, (pthread_barrierattr_t * object), (object))

RACELAB_CHANGES(sigemptyset, (sigset_t * object), (object))
RACELAB_CHANGES(sigfillset, (sigset_t * object), (object))
RACELAB_CHANGES(sigaddset, (sigset_t * object, int signal), (object, signal))
RACELAB_CHANGES(sigdelset, (sigset_t * object, int signal), (object, signal))
RACELAB_STAND_IN(int, sigismember, (const sigset_t* object, int signal)) {
  Reads(object, sizeof *object, RACELAB_CALLER);
  return RACELAB_LIBRARYS(sigismember)(object, signal);
}
