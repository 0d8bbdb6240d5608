// Functions that need a real process, and calls that would block the only kernel thread.

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sanitizers/interleave/explorer.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/options.h"

using namespace racelab::interleave;

#define RACELAB_UNSUPPORTED(result, function, parameters, arguments)         \
  RACELAB_INTERCEPTOR result function parameters {                           \
    if (Live()) racelab::interleave::Refuse(#function "()", RACELAB_CALLER); \
    return REAL(function) arguments;                                         \
  }

RACELAB_UNSUPPORTED(pid_t, fork, () noexcept, ())
RACELAB_UNSUPPORTED(pid_t, vfork, () noexcept, ())  // NOLINT(bugprone-unsafe-functions): it is refused.
RACELAB_UNSUPPORTED(int, system, (const char* command), (command))
RACELAB_UNSUPPORTED(pid_t, waitpid, (pid_t pid, int* status, int flags), (pid, status, flags))
RACELAB_UNSUPPORTED(pid_t, wait, (int* status), (status))
RACELAB_UNSUPPORTED(pid_t, wait3, (int* status, int flags, rusage* usage) noexcept, (status, flags, usage))
RACELAB_UNSUPPORTED(pid_t, wait4, (pid_t pid, int* status, int flags, rusage* usage) noexcept,
                    (pid, status, flags, usage))
RACELAB_UNSUPPORTED(int, waitid, (idtype_t type, id_t id, siginfo_t* information, int flags),
                    (type, id, information, flags))
RACELAB_UNSUPPORTED(FILE*, popen, (const char* command, const char* mode), (command, mode))
RACELAB_UNSUPPORTED(int, daemon, (int stay, int open) noexcept, (stay, open))
RACELAB_UNSUPPORTED(int, execve, (const char* path, char* const* a, char* const* e) noexcept, (path, a, e))
RACELAB_UNSUPPORTED(int, posix_spawn,
                    (pid_t * pid, const char* path, const posix_spawn_file_actions_t* actions,
                     const posix_spawnattr_t* attributes, char* const* a, char* const* e),
                    (pid, path, actions, attributes, a, e))
RACELAB_UNSUPPORTED(int, posix_spawnp,
                    (pid_t * pid, const char* path, const posix_spawn_file_actions_t* actions,
                     const posix_spawnattr_t* attributes, char* const* a, char* const* e),
                    (pid, path, actions, attributes, a, e))

// These would send signals, or become readable, in real time.
RACELAB_UNSUPPORTED(unsigned, alarm, (unsigned seconds) noexcept, (seconds))
RACELAB_UNSUPPORTED(useconds_t, ualarm, (useconds_t value, useconds_t interval) noexcept, (value, interval))
RACELAB_UNSUPPORTED(int, setitimer, (__itimer_which_t which, const itimerval* value, itimerval* before) noexcept,
                    (which, value, before))
RACELAB_UNSUPPORTED(int, timer_create, (clockid_t clock, sigevent* event, timer_t* timer) noexcept,
                    (clock, event, timer))
RACELAB_UNSUPPORTED(int, timerfd_create, (clockid_t clock, int flags) noexcept, (clock, flags))
RACELAB_UNSUPPORTED(int, signalfd, (int descriptor, const sigset_t* mask, int flags) noexcept,
                    (descriptor, mask, flags))
RACELAB_UNSUPPORTED(int, inotify_init, () noexcept, ())
RACELAB_UNSUPPORTED(int, inotify_init1, (int flags) noexcept, (flags))
